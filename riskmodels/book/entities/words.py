"""Words that company names are dressed in: legal forms, soft endings, places, units of a company, numerals.

They come from what companies are called in general, not from any one ledger.
"""

import re


def listed(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


LATIN_FORMS = {
    **dict.fromkeys(("inc", "incorporated", "corp", "corporation"), "corporation"),
    **dict.fromkeys(("llc", "ltd", "limited", "co", "company", "pty", "pte", "pvt", "gmbh", "bv", "srl"), "limited"),
    **dict.fromkeys(("sarl", "sas", "kk", "oy", "ltda", "lda", "mbh"), "limited"),
    **dict.fromkeys(("plc", "ag", "sa", "nv", "spa", "ab", "asa", "kgaa", "bhd"), "shares"),
    **dict.fromkeys(("lp", "llp", "kg", "ohg"), "partnership"),
}
"""Endings that name the legal form, and the kind of form."""
CUT = "in"
"""What a field that is too short leaves of Inc: no name ends in the word "in"."""
SOFT = frozenset(
    listed(
        "group groups holding holdings foundation trust associates association partners systems system services "
        "service solutions enterprises enterprise industries industry international global worldwide"
    )
)
"""Endings that many names share and the same company often drops."""
SPELT_OUT = {
    "intl": "international",
    "int'l": "international",
    "mfg": "manufacturing",
    "tech": "technology",
    "technologies": "technology",
    "svc": "service",
    "svcs": "services",
    "bros": "brothers",
    "assoc": "associates",
    "assn": "association",
    "natl": "national",
    "mgmt": "management",
    "dist": "distribution",
    "distr": "distribution",
    "elec": "electric",
    "eng": "engineering",
    "engg": "engineering",
    "equip": "equipment",
    "trdg": "trading",
    "hldgs": "holdings",
    "grp": "group",
    "ind": "industries",
    "inds": "industries",
    "sys": "systems",
    "and": "&",
    "st": "saint",
    "mt": "mount",
}
"""Customary short forms of whole words."""
LATIN_UNITS = frozenset(listed("branch store plant warehouse depot outlet division div site factory office"))
"""Words that make what stands around them a part of a company."""
LATIN_NUMERALS = {
    **{w: str(i) for i, w in enumerate(listed("first second third fourth fifth sixth seventh eighth ninth"), 1)},
    **{w: str(i) for i, w in enumerate(listed("1st 2nd 3rd 4th 5th 6th 7th 8th 9th"), 1)},
    **{w: str(i) for i, w in enumerate(listed("ii iii iv"), 2)},
    **{w: str(i) for i, w in enumerate(listed("vi vii viii ix"), 6)},
}
LATIN_PLACES = frozenset(
    listed(
        "us usa uk china prc america canada mexico india japan korea germany france italy spain europe asia taiwan "
        "singapore australia brazil beijing shanghai tianjin chongqing guangzhou shenzhen hangzhou nanjing suzhou "
        "wuhan chengdu xian qingdao ningbo xiamen dalian jinan zhengzhou changsha hongkong"
    )
)
"""Places that stand before or after a name."""

CHINESE_FORMS = (
    ("股份有限责任公司", "shares"),
    ("股份有限公司", "shares"),
    ("有限责任公司", "limited"),
    ("股份公司", "shares"),
    ("有限公司", "limited"),
    ("责任公司", "limited"),
    ("合伙企业有限合伙", "partnership"),
    ("合伙企业普通合伙", "partnership"),
    ("合伙企业", "partnership"),
    ("有限合伙", "partnership"),
    ("普通合伙", "partnership"),
    ("总公司", "limited"),
    ("公司", "limited"),
)
"""Endings that name the legal form, the longest first, and the kind of form."""
CHINESE_SOFT = ("集团", "控股")
_PROVINCES = listed(
    "北京 上海 天津 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 "
    "贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门"
)
_CITIES = listed(
    "石家庄 唐山 保定 太原 大同 沈阳 大连 鞍山 长春 哈尔滨 大庆 南京 无锡 徐州 常州 苏州 南通 扬州 镇江 泰州 "
    "盐城 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 台州 合肥 芜湖 福州 厦门 泉州 漳州 南昌 九江 济南 青岛 淄博 烟台 "
    "潍坊 威海 临沂 郑州 洛阳 武汉 宜昌 襄阳 长沙 株洲 岳阳 广州 深圳 珠海 汕头 佛山 东莞 中山 惠州 江门 南宁 "
    "柳州 桂林 海口 三亚 成都 绵阳 贵阳 昆明 西安 宝鸡 兰州 西宁 银川 乌鲁木齐 呼和浩特 包头 拉萨 义乌 昆山 江阴 "
    "张家港"
)
_PLACE = (
    rf"中国|(?:{'|'.join(_PROVINCES)})(?:省|市|自治区)?|(?:{'|'.join(_CITIES)})市?"
    r"|[\u4e00-\u9fff]{2}市"
)
PLACES_FIRST = re.compile(rf"^(?:{_PLACE})+(?=[\u4e00-\u9fff]{{2}})")
PLACE_IN_BRACKETS = re.compile(rf"\(\s*({_PLACE}|{'|'.join(sorted(LATIN_PLACES))})\s*\)")
ONE_PLACE = re.compile(_PLACE)
_UNITS = "分公司|支公司|分厂|分店|分行|支行|营业部|办事处|项目部|分部|门店|店|工厂|仓库"
UNIT_AFTER_FORM = re.compile(rf"^(.+公司)(.+(?:{_UNITS}))$")
UNIT_AT_END = re.compile(
    rf"^(.{{2,}}?)((?:{_PLACE})?(?:第?[0-9一二三四五六七八九十]+)?(?:分公司|分店|分厂|支公司|分行|支行|营业部|办事处))$"
)
CHINESE_DIGITS = str.maketrans("零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖", "00123456789123456789")
CHINESE_NUMERAL = re.compile("[零〇一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾]+")
ORDINAL = re.compile(r"第\s*([0-9]+|[零〇一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾]+)")
