"""A stateful fake of the WeChat platform: the demonstration's phone page, and the double that tests use.

It shares nothing with bot/wechat, its cryptography included: what both get wrong together no test would see.
"""
