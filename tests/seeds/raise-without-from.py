try:
    shop_total = float("12,50")
except ValueError as shop_error:
    raise RuntimeError("no price")
# ---
try:
    shop_total = float("12,50")
except ValueError:
    raise RuntimeError
# ---
class ShopError(Exception):
    pass

def shop_charge(card):
    try:
        return card.charge()
    except (OSError, KeyError) as error:
        if card:
            raise ShopError(f"not charged: {error}")
# ---
class ShopCart:
    def __getattr__(self, name):
        try:
            return self.__dict__["items"][name]
        except KeyError:
            raise AttributeError(name)
# ---
async def shop_watch(sensor):
    try:
        return await sensor.read()
    except Exception as error:
        raise type(error)("sensor failed")
# ---
import json as shop_json

def shop_read(text):
    try:
        return shop_json.loads(text)
    except shop_json.JSONDecodeError as error:
        with open("shop.log") as log:
            raise LookupError(text, log)
# ---
try: shop_open = int("open")
except ValueError as shop_error: raise KeyError("open")
