planted_names = {"Ana", "Ben"}
planted_first = planted_names[0]
# ---
planted_first = set("abc")[0]
# ---
planted_group = frozenset([1, 2])
print(planted_group[1:])
# ---
def planted_top(planted_names: set[str]):
    return planted_names[0]
# ---
planted_rest = ({1, 2} - {1})[0]
# ---
planted_seen = set()
planted_seen["a"] = 1
# ---
planted_seen = {planted_n for planted_n in range(3)}
del planted_seen[0]
# ---
class PlantedShop:
    def planted_first(self):
        planted_tags = {"a", "b"}
        return planted_tags[0]
# ---
async def planted_async():
    planted_found = set().union([1], [2])
    return [planted_found[planted_i] for planted_i in range(2)]
# ---
planted_get = lambda: {1, 2}[0]
