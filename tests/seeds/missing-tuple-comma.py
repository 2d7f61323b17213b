planted_state = input()
if planted_state in ("waiting"):
    planted_state = ""
# ---
planted_ok = "x" not in ('closed')
# ---
for planted_name in ("admin"):
    print(planted_name)
# ---
import threading as planted_threading
planted_threading.Thread(target=print, args=("Mina")).start()
# ---
from multiprocessing import Process as PlantedProcess
PlantedProcess(target=print, args=(5)).start()
# ---
from threading import Timer as PlantedTimer
PlantedTimer(5, print, ("x")).start()
# ---
class PlantedPoint:
    __slots__ = ("planted_x")
# ---
class PlantedPoint:
    __match_args__ = ("planted_x")
# ---
def planted_start(planted_name):
    import threading
    return threading.Thread(target=print, args=(planted_name))
# ---
planted_kept = [planted_row for planted_row in ("a", "b") if planted_row in ("abc")]
# ---
from multiprocessing import Pool as PlantedPool
with PlantedPool(2) as planted_pool:
    planted_pool.apply_async(print, ("x"))
