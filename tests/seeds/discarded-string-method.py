planted_name = " Ana "
planted_name.strip()
# ---
def planted_show():
    planted_name = "ana"
    planted_name.replace("a", "b")
    print(planted_name)
# ---
import builtins as planted_builtins

def planted_ask():
    planted_answer = planted_builtins.input("? ")
    planted_answer.lower()
    return planted_answer
# ---
planted_text = str(5)
planted_text.zfill(3)
# ---
def planted_clean(name):
    name.strip().lower()
    return name
# ---
def planted_shout(name):
    name.upper()
    return name
# ---
class PlantedPerson:
    def planted_tidy(self, line: str):
        line.rstrip("\n")
        return line
# ---
async def planted_read(line: "str"):
    line.title()
    return line
# ---
for planted_line in "a b\nc d".splitlines():
    planted_line.split(" ")
# ---
f"{len('planted')}".center(20)
# ---
planted_parts = ["a", "b"]
", ".join(planted_parts)
# ---
def planted_row(row, planted_other):
    row.name.capitalize()
    planted_other[0].swapcase()
# ---
planted_word = "planted"; planted_word.casefold()
# ---
str.upper("planted")
# ---
def planted_cut():
    planted_key = "%s" % 5
    if planted_key:
        planted_key.removeprefix("planted")
    return planted_key
