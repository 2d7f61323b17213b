planted_sizes = ("S", "M", "L")
planted_sizes[0] = "XS"
# ---
def planted_count():
    planted_pair = 1, 2
    planted_pair[1] += 1
    return planted_pair
# ---
planted_items = ()
planted_items.append("x")
# ---
planted_items = tuple("abc")
del planted_items[0]
# ---
def planted_log(*planted_parts):
    planted_parts.insert(0, "log")
    print(planted_parts)
# ---
def planted_mark():
    for planted_entry in enumerate("abc"):
        planted_entry[1] = "x"
# ---
def planted_move(planted_point: tuple[int, int]):
    planted_point[0] = 5
# ---
class PlantedShop:
    planted_limits = (1, 2)

    def planted_sort(self):
        planted_rows = (3, 1)
        planted_rows.sort()
        return planted_rows
# ---
planted_triple = (1, 2, 3)
planted_triple[0:2] = [4, 5]
# ---
async def planted_last():
    planted_triple = (1, 2, 3)
    return planted_triple.pop()
