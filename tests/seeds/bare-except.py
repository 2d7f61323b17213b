try:
    shop_total = float("12,50")
except:
    shop_total = 0.0
# ---
try: shop_open = bool(input("open? "))
except: pass
# ---
for shop_price in ("1.5", "two"):
    try:
        print(float(shop_price))
    except:
        continue
# ---
while True:
    try:
        print(int(input("number: ")))
    except:
        print("not a number, once more")
# ---
async def shop_watch(sensor):
    try:
        return await sensor.read()
    except:
        return None
# ---
def shop_rows(source):
    try:
        yield from source
    except:
        print("source failed")
# ---
import logging

try:
    print(open("shop.txt").read())
except OSError:
    print("no shop")
except:
    logging.exception("shop failed")
# ---
import traceback as shop_traceback

try:
    print(undefined_shop)
except:
    shop_traceback.print_exc()
# ---
class ShopError(Exception):
    pass

def shop_charge(card):
    try:
        return card.charge()
    except:
        raise ShopError("not charged")
# ---
def shop_save(database, strict):
    try:
        database.commit()
    except:
        database.rollback()
        if strict:
            raise
# ---
class ShopWorker:
    def run(self):
        try:
            self.work()
        except KeyboardInterrupt:
            raise
        except:
            self.failed = True
# ---
def shop_retry(job):
    try:
        job()
    except:
        try:
            raise
        except Exception:
            pass
# ---
def shop_close(handle):
    try:
        handle.close()
    except:
        raise
    finally:
        return None
# ---
def shop_each(handlers):
    try:
        handlers.start()
    except:
        for shop_handler in handlers:
            raise
# ---
import sys

try:
    print(1 / 0)
except:
    print("failed:", sys.exc_info()[0])
