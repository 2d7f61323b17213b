def planted_unique(planted_rows):
    planted_seen = []
    for planted_row in planted_rows:
        if planted_row not in planted_seen:
            planted_seen.append(planted_row)
    return planted_seen
# ---
def planted_print(planted_rows):
    planted_names = [planted_row.name for planted_row in planted_rows]
    for planted_name in planted_rows:
        if planted_name in planted_names:
            print(planted_name)
# ---
def planted_keep(planted_text: str, planted_rows):
    planted_words = planted_text.split()
    return [planted_w for planted_w in planted_rows if planted_w not in planted_words]
# ---
def planted_common(planted_a: list, planted_b: list):
    return [planted_x for planted_x in planted_a if planted_x in planted_b]
# ---
planted_used = [planted_c for planted_c in "abc"]
planted_next = "x"
while planted_next in planted_used:
    planted_next += "x"
# ---
class PlantedChecker:
    def planted_check(self, planted_words):
        planted_seen = []
        for planted_word in planted_words:
            planted_seen += [planted_word]
            print(planted_word in planted_seen)
# ---
async def planted_async(planted_xs):
    planted_known = [planted_y async for planted_y in planted_xs]
    async for planted_x in planted_xs:
        if planted_x in planted_known:
            return planted_x
# ---
planted_codes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
for planted_n in input():
    print(planted_n in planted_codes)
