print "shop"
# ---
shop_total = 3
print shop_total, "cups"
# ---
import sys
print >>sys.stderr, "shop"
# ---
for shop_cup in (1, 2):
    print shop_cup,
# ---
try:
    shop_price = int("12,50")
except ValueError, shop_error:
    shop_price = 0
# ---
shop_name = `12`
# ---
if 3 <> 4: shop_open = True
# ---
exec "shop_open = True" in {}
# ---
def shop_close(reason):
    raise ValueError, reason
# ---
import os
os.chmod("shop.txt", 0644)
# ---
shop_pattern = ur"\d+"
# ---
shop_limit = 10L
# ---
shop_best = sorted({}.items(), key=lambda (shop_name, shop_price): shop_price)
# ---
class ShopCart:
    def show(self):
        if self: print "cart %s" % self
