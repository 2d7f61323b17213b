planted_i = 0
while planted_i < 10:
    if planted_i % 2:
        continue
    print(planted_i)
    planted_i += 1
# ---
def planted_show(planted_items):
    planted_index = 0
    while planted_index < len(planted_items):
        planted_item = planted_items[planted_index]
        if planted_item is None:
            continue
        print(planted_item)
        planted_index += 1
# ---
def planted_count_down(planted_n):
    while planted_n > 0:
        if planted_n == 3:
            print("three")
            continue
        planted_n -= 1
# ---
def planted_total(planted_rows):
    planted_at = planted_sum = 0
    while planted_at < len(planted_rows):
        try:
            planted_amount = float(planted_rows[planted_at])
        except ValueError:
            continue
        planted_sum += planted_amount
        planted_at = planted_at + 1
    return planted_sum
# ---
class PlantedScanner:
    def planted_words(self):
        while self.at < len(self.text):
            if self.text[self.at] == " ":
                continue
            print(self.text[self.at])
            self.at += 1
# ---
planted_number = 1
while planted_number <= 20:
    if planted_number % 3 == 0:
        print("fizz")
        continue
    elif planted_number % 5 == 0:
        print("buzz")
    planted_number += 1
# ---
def planted_walk(planted_tasks, planted_limit):
    planted_k = 0
    while planted_k < planted_limit and planted_k < len(planted_tasks):
        planted_task = planted_tasks[planted_k]
        match planted_task:
            case None:
                continue
            case _:
                print(planted_task)
        planted_k += 1
# ---
async def planted_pages(planted_names):
    planted_page = 0
    while planted_page != len(planted_names):
        if planted_names[planted_page].startswith("_"):
            continue
        print(planted_names[planted_page])
        planted_page += 1
# ---
planted_left = 5
while planted_left:
    if planted_left == 2: continue
    planted_left -= 1
# ---
for planted_row in range(3):
    planted_column = 0
    while planted_column < 3:
        if planted_column == planted_row:
            continue
        print(planted_row, planted_column)
        planted_column += 1
