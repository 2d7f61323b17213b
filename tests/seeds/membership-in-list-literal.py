planted_x = input()
planted_found = planted_x in ["a", "b"]
# ---
planted_x = 3
if planted_x not in [1, 2]:
    planted_x = 0
# ---
def planted_check(planted_status):
    return planted_status in [404]
# ---
planted_kept = [planted_n for planted_n in range(3) if planted_n in [1, 2]]
# ---
planted_test = lambda planted_x: planted_x in [None, False]
# ---
class PlantedShop:
    planted_open = "x" in ["x", "y"]
# ---
async def planted_async(planted_x):
    while planted_x in [-1, 1]:
        planted_x = await planted_x
# ---
planted_pair = (1, 2) in [(1, 2), (3, 4)]
