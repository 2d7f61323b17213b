def shop_save(rows):
    try:
        return rows.pop()
    finally:
        return None
# ---
for shop_cup in (1, 2):
    try:
        print(shop_cup)
    finally:
        break
# ---
while True:
    try:
        shop_cup = input("cup? ")
    finally:
        if shop_cup:
            break
        continue
# ---
class ShopCart:
    async def close(self, lock):
        try:
            await self.sell()
        except ValueError:
            print("not sold")
        finally:
            with lock:
                return self
# ---
def shop_rows(source):
    try:
        yield from source
    finally:
        try:
            source.close()
        except OSError:
            return
