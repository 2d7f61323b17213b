for planted_name in ("a", "b"):
    print(planted_name)
else:
    print("done")
# ---
planted_count = 3
while planted_count:
    planted_count -= 1
else:
    print("go")
# ---
def planted_find(planted_rows, planted_wanted):
    for planted_row in planted_rows:
        if planted_row == planted_wanted:
            return planted_row
    else:
        return None
# ---
async def planted_read(planted_stream):
    async for planted_chunk in planted_stream:
        print(planted_chunk)
    else:
        print("closed")
# ---
for planted_row in ([1], [2]):
    for planted_cell in planted_row:
        if planted_cell == 2:
            break
else:
    print("all rows")
# ---
for planted_row in ([1], [2]):
    for planted_cell in planted_row:
        print(planted_cell)
    else:
        break
# ---
for planted_number in range(3): print(planted_number)
else: print("done")
# ---
planted_found = None
for planted_index, planted_text in enumerate(["x", "y"]):
    try:
        if planted_text == "y":
            planted_found = planted_index
    except ValueError:
        continue
else:
    planted_found = -1
# ---
while (planted_line := input()) != "end":
    match planted_line:
        case "go":
            print("going")
        case _:
            continue
else:
    print("bye")
# ---
class PlantedShop:
    def planted_open(self):
        for planted_door in self.doors:
            with planted_door:
                planted_door.open()
        else:
            self.is_open = True
