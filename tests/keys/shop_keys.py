"""Keys that no gateway ever gave to anybody."""

from pos_app.keys.account import Account, Typed
from pos_app.payments.environment import Environment

KEY1, KEY2 = "k1canaryAAAABBBBCCCCDDDDEEEE0001", "k2canaryAAAABBBBCCCCDDDDEEEE0002"
NEW_KEY1, NEW_KEY2 = "n1canaryAAAABBBBCCCCDDDDEEEE0003", "n2canaryAAAABBBBCCCCDDDDEEEE0004"
PUBLIC_PEM = """\
-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAk6EfzAs9YrGa6mz4O1kM
ojlcMm64xSYY3ZM0KtXKZJbxsHUffD57/bCsFJVSica8g07J8FTHO4LsCQAERWnN
PRT5klx6K0sFn40QoyJ/GYffk/ulx+owziturkLL3/ejqm1ehIA+IRbuAyziI8xH
LeOHw1oXrTQQl3PxrXJpRvMG9IpUfFHiei9h2jMRi1aqJcgGgwTERxH3ER4Rnoqo
8RIjunOCbebZS7TZ+xb1eyiWOw32RFGMyakcs7HVkTfRncqwZCcWVKHaYSxfU4D8
lKXieDaBHbYkrUqk5nDZnAGdjkLvw2SaHuqMVp+Fg4yVJNt5r+H4kwLcl9KiSCMo
qQIDAQAB
-----END PUBLIC KEY-----
"""
PUBLIC_TEXT = "".join(PUBLIC_PEM.splitlines()[1:-1])
CANARIES = [KEY1, KEY2, NEW_KEY1, NEW_KEY2]
ACCOUNT = Account(Environment.LIVE, 98765, KEY1, KEY2, PUBLIC_TEXT)
TYPED = Typed(Environment.LIVE, "98765", KEY1, KEY2, PUBLIC_PEM)
