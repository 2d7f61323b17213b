try:
    print(open("shop.txt").read())
except OSError:
    print("some trouble")
except FileNotFoundError:
    print("no shop")
# ---
import json as shop_json

try:
    print(shop_json.loads("{"))
except ValueError:
    print("no number")
except shop_json.JSONDecodeError:
    print("no JSON")
# ---
class ShopError(Exception):
    pass

class ShopClosedError(ShopError):
    pass

def shop_visit(shop):
    try:
        return shop.open()
    except ShopError:
        return None
    except ShopClosedError as shop_error:
        return shop_error
# ---
async def shop_watch(sensor):
    try:
        return await sensor.read()
    except (LookupError, ArithmeticError):
        return None
    except (KeyError, ZeroDivisionError):
        return 0
# ---
try:
    print({}["tea"])
except Exception:
    print("any")
except KeyError:
    print("never")
# ---
from socket import error as shop_error, timeout as shop_timeout

class ShopSensor:
    def read(self):
        try:
            return self.socket.recv(1)
        except shop_error:
            raise
        except shop_timeout:
            return b""
# ---
try:
    print(1 / 0)
except BaseException:
    print("all")
except:
    print("never")
