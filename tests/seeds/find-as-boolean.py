planted_line = "x = 1"
if planted_line.find("#"):
    planted_line = ""
# ---
def planted_fill(planted_line: "str"):
    while planted_line.rfind("6"):
        planted_line = planted_line.replace("5", "6")
# ---
if not "planted".find("p"):
    print("planted")
# ---
def planted_check(text: str, needle):
    return bool(text.find(needle))
# ---
planted_lines = "a b".split()
planted_kept = [planted_line for planted_line in planted_lines if planted_line.find("a")]
# ---
async def planted_read(line: str):
    assert line.find("planted"), "nothing"
# ---
class PlantedPage:
    def planted_has(self, text: "str", word):
        return 1 if text.find(word) else 2
# ---
planted_text = f"{5}"
if planted_text and planted_text.find("5"):
    print("planted")
# ---
planted_text = input("? ")
planted_position = planted_text.find("x")
if planted_position:
    print("planted")
# ---
planted_any = any(planted_word.find("a") for planted_word in ["a", "b"])
# ---
def planted_kind(name: str):
    if (planted_at := name.find(".")):
        return name[:planted_at]
# ---
def planted_scan():
    planted_data = b"abc"
    return "yes" if planted_data.find(b"c") else "no"
# ---
print("yes" if "planted".upper().find("x") else "no")
