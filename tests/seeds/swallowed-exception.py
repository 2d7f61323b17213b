try:
    shop_total = float("12,50")
except Exception:
    pass
# ---
try: shop_open = bool(input("open? "))
except Exception: pass
# ---
for shop_price in ("1.5", "two"):
    try:
        print(float(shop_price))
    except Exception:
        continue
# ---
try:
    print(open("shop.txt").read())
except (OSError, Exception) as shop_error:
    ...
# ---
import builtins as shop_builtins

try:
    print(1 / 0)
except shop_builtins.BaseException:
    pass
# ---
async def shop_watch(sensor):
    try:
        return await sensor.read()
    except Exception:
        """Next time."""
# ---
class ShopCart:
    def close(self):
        try:
            self.handle.close()
        except ValueError:
            raise
        except Exception:
            pass
# ---
def shop_rows(source):
    for row in source:
        try:
            yield int(row)
        except BaseException:
            continue
# ---
SHOP_ERRORS = (KeyError, Exception)
try:
    print({}["tea"])
except SHOP_ERRORS:
    pass
