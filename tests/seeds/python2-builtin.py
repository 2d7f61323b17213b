for shop_number in xrange(3):
    print(shop_number)
# ---
shop_name = raw_input("name? ")
# ---
if isinstance(3, basestring): shop_open = True
# ---
shop_text = [unicode(shop_item) for shop_item in (1, 2)]
# ---
class ShopCart:
    def size(self):
        return long(3)
# ---
shop_total = reduce(lambda a, b: a + b, [1, 2])
# ---
shop_letter = unichr(233)
# ---
execfile("shop.py")
# ---
shop_stock = {"tea": 3}
if shop_stock.has_key("tea"):
    print("tea")
# ---
def shop_show(stock: dict):
    for name, count in stock.iteritems():
        print(name, count)
# ---
def shop_total():
    from collections import defaultdict as shop_dict
    shop_count = shop_dict(int)
    return sum(shop_count.itervalues())
# ---
def shop_order(carts):
    return cmp(carts[0], carts[1])
# ---
try:
    shop_size = long("12")
except ValueError:
    shop_size = 0
