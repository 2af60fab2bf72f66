"""What a holder's name and number say about the kind of holder.

Refuses certainty: a kind is a reading of the name, and decides only how much of a name may be shown.
"""

import re

ORGANISATION = re.compile(
    r"公司|企业|集团|厂|合作社|合伙|商行|经营部|事务所|中心|协会|学校|医院|银行|有限|股份|Ltd|Inc|GmbH|LLC|S\.A\.|s\.r\.o\.",
    re.IGNORECASE,
)
GOVERNMENT = re.compile(r"人民政府|委员会|管委会|办事处|街道办|[市县区镇乡]政府|局$|村民委员会|居民委员会")
PERSON = re.compile(r"[\u4e00-\u9fff·]{2,6}")


def holder_kind(name: str, uscc: str) -> str:
    """`enterprise`, `government`, `natural_person` or `other`."""
    if GOVERNMENT.search(name):
        return "government"
    if uscc or ORGANISATION.search(name):
        return "enterprise"
    return "natural_person" if PERSON.fullmatch(name) else "other"
