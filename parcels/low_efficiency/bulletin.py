"""The weekly bulletin (每周通报): each town's files, agreements, closings, electricity, ledgers, idle land and overdue tasks.

Refuses a sum of fewer firms than the county's parameter allows to whoever isn't cleared for firms' figures, also where it
could be worked out from the other towns and the total.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from landgis.access.queries import Actor
from landgis.access.rules import REPORT_FACTS, VIEW_FIRM_FIGURES, VIEW_MAP, VIEW_PLANS
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.suppression import dominates, hidden_parts
from landgis.lib.units import m2_to_mu
from parcels.campaigns.queries import Status, status_on
from parcels.campaigns.rules import LEDGERS, Progress, ranked
from parcels.evaluation.queries import fewest_firms
from parcels.evaluation.secrecy import DOMINANCE_KEY
from parcels.idle_land.queries import phases_judged
from parcels.low_efficiency.models import LowEfficiencyList, WeeklyFollowUp
from parcels.low_efficiency.procedure import ENDED
from parcels.low_efficiency.queries import FileRow, file_rows
from parcels.low_efficiency.rules import ListedFirm
from parcels.low_efficiency.weeks import monday
from parcels.plans.deadlines import plan_duties
from parcels.tasks.queries import overdue_by_town

IDLE = ("idle_not_started", "idle_stopped")
OVERDUE = "overdue"
REMEDIATION, REVITALISATION = LEDGERS
LIGHTS = {"green": "绿", "yellow": "黄", "red": "红", "none": "—"}
NOBODY = "未落镇街"
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class TownWeek:
    """A town in a week. Amounts are None where they may not be told; `rank` by the share struck off, ties share it."""

    code: str
    name: str
    listed: int
    signed: int
    ended: int
    ended_mu: Decimal | None
    new: int
    reporting: int
    electricity_kwh: Decimal | None
    electricity_before: Decimal | None
    remediation: Progress
    revitalisation: Progress
    idle: int
    idle_mu: Decimal
    idle_new: int
    idle_gone: int
    overdue_start: int
    overdue_tasks: int
    rank: int | None

    @property
    def signed_percent(self) -> Decimal | None:
        return _percent(self.signed, self.listed)

    @property
    def ended_percent(self) -> Decimal | None:
        return _percent(self.ended, self.listed)

    @property
    def light(self) -> str:
        return LIGHTS[self.remediation.light]

    @property
    def electricity_change(self) -> Decimal | None:
        """In percent against the week before, of the firms that were reported in both."""
        if not self.electricity_before or self.electricity_kwh is None:
            return None
        return (self.electricity_kwh - self.electricity_before) / self.electricity_before * 100


@dataclass(frozen=True, slots=True)
class Bulletin:
    week_on: date
    until: date
    towns: list[TownWeek]
    total: TownWeek


@dataclass(frozen=True, slots=True)
class _Idle:
    count: int = 0
    mu: Decimal = ZERO
    new: int = 0
    gone: int = 0
    overdue: int = 0


def bulletin(county: County, actor: Actor, week: date, today: date) -> Bulletin:
    """The week that the day lies in, as it stood at its end or today."""
    actor.require(VIEW_MAP)
    first = monday(week)
    until = min(first + timedelta(days=6), today)
    rows = [row for row in file_rows(county, actor, until) if row.listed_on is not None]
    status = status_on(county, actor, until)
    idle = _idle(county, actor, first, until)
    tasks = _overdue_tasks(county, actor, until)
    codes = [*status.towns]
    if any(row.file.town_code not in status.towns for row in rows) or "" in idle:
        codes.append("")
    by_town: dict[str, list[FileRow]] = defaultdict(list)
    for row in rows:
        by_town[row.file.town_code if row.file.town_code in status.towns else ""].append(row)
    ended_mu = ended_mu_of(county, rows)
    used = electricity_between(rows, first, first + timedelta(days=6))
    before = electricity_between(rows, first - timedelta(days=7), first - timedelta(days=1))
    own_town = actor.town_codes is not None and actor.may(REPORT_FACTS)
    fewest = 1 if actor.may(VIEW_FIRM_FIGURES) or own_town else fewest_firms(county, until)
    most = 1.0 if fewest == 1 else float(parameters(county, until).get(DOMINANCE_KEY, 1))
    of_towns = [[row.file.pk for row in by_town[code]] for code in codes]
    told_use, told_before, told_land = (
        _told([[amounts[pk] for pk in files if pk in amounts] for files in of_towns], fewest, most)
        for amounts in (used, before, ended_mu)
    )

    def made(code: str, of: Sequence[FileRow], at: int, rank: int | None) -> TownWeek:
        both = [row.file.pk for row in of if row.file.pk in used]
        known = [ended_mu[row.file.pk] for row in of if row.file.pk in ended_mu]
        comparable = all(pk in before for pk in both)
        if fewest > 1:  # the week before told of its own firms: one that left would be the difference
            comparable &= len(both) == sum(row.file.pk in before for row in of) and told_before[at]
        return TownWeek(
            code=code,
            name=status.towns.get(code, NOBODY),
            listed=len(of),
            signed=sum(row.signed_on is not None for row in of),
            ended=sum(row.state in ENDED for row in of),
            ended_mu=sum(known, ZERO) if told_land[at] else None,
            new=sum(row.listed_on is not None and row.listed_on >= first for row in of),
            reporting=len(both),
            electricity_kwh=sum((used[pk] for pk in both), ZERO) if both and told_use[at] else None,
            electricity_before=sum((before[pk] for pk in both), ZERO)
            if both and comparable and told_use[at]
            else None,
            remediation=_ledger(status, REMEDIATION, code),
            revitalisation=_ledger(status, REVITALISATION, code),
            idle=idle.get(code, _Idle()).count,
            idle_mu=idle.get(code, _Idle()).mu,
            idle_new=idle.get(code, _Idle()).new,
            idle_gone=idle.get(code, _Idle()).gone,
            overdue_start=idle.get(code, _Idle()).overdue,
            overdue_tasks=tasks.get(code, 0),
            rank=rank,
        )

    shares = [
        (code, Decimal(sum(row.state in ENDED for row in by_town[code])) / len(by_town[code]))
        for code in codes
        if code and by_town[code]
    ]
    ranks = ranked(shares)
    towns = [made(code, by_town[code], at, ranks.get(code)) for at, code in enumerate(codes)]
    whole = _summed(made("*", rows, len(codes), None), status, idle, tasks)
    return Bulletin(first, until, towns, whole)


def _summed(row: TownWeek, status: Status, idle: Mapping[str, _Idle], tasks: Mapping[str, int]) -> TownWeek:
    """The whole territory: counts add up, the ledgers have progress of their own."""
    return TownWeek(
        code="*", name="合计", listed=row.listed, signed=row.signed, ended=row.ended, ended_mu=row.ended_mu, new=row.new,
        reporting=row.reporting, electricity_kwh=row.electricity_kwh, electricity_before=row.electricity_before,
        remediation=status.ledgers[REMEDIATION].county, revitalisation=status.ledgers[REVITALISATION].county,
        idle=sum(one.count for one in idle.values()), idle_mu=sum((one.mu for one in idle.values()), ZERO),
        idle_new=sum(one.new for one in idle.values()), idle_gone=sum(one.gone for one in idle.values()),
        overdue_start=sum(one.overdue for one in idle.values()), overdue_tasks=sum(tasks.values()), rank=None,
    )  # fmt: skip


def _told(amounts: Sequence[Sequence[Decimal]], fewest: int, most: float) -> list[bool]:
    """Which towns' sums, and last the total, may be told: of enough firms, and of none that makes up most of it."""
    everything = [*amounts, [one for town in amounts for one in town]]
    dominated = dominates(
        [float(max(map(abs, town), default=ZERO)) for town in everything],
        [float(sum(town, ZERO)) for town in everything],
        most,
    )
    parts, total = hidden_parts([len(town) for town in amounts], fewest, dominated=dominated)
    return [not flag for flag in parts.tolist()] + [not total]


def _ledger(status: Status, ledger: str, code: str) -> Progress:
    found = status.ledgers[ledger]
    return found.towns.get(code) or Progress(None, ZERO, None, None, "none", "unknown", None)


def electricity_between(rows: Sequence[FileRow], first: date, last: date) -> dict[int, Decimal]:
    """File → kWh of the weeks that begin within the days: what stands of each week."""
    found = WeeklyFollowUp.objects.filter(
        file_id__in=[row.file.pk for row in rows], week_on__range=(first, last), electricity_kwh__isnull=False
    )
    newest = found.order_by("file_id", "week_on", "-seq").distinct("file_id", "week_on")
    used: dict[int, Decimal] = {}
    for file_id, amount in newest.values_list("file_id", "electricity_kwh"):
        used[file_id] = used.get(file_id, ZERO) + (amount or ZERO)
    return used


def ended_mu_of(county: County, rows: Sequence[FileRow]) -> dict[int, Decimal]:
    """File → the 亩 that its firm had on the newest list, of those struck off or shut."""
    ended = {row.file.enterprise.uscc: row.file.pk for row in rows if row.state in ENDED}
    found: dict[int, Decimal] = {}
    if ended:
        for kept in (
            LowEfficiencyList.objects.filter(county=county).order_by("pk").values_list("rows", flat=True)
        ):
            for row in map(ListedFirm.from_json, kept):
                if row.uscc in ended and row.land_m2 is not None:
                    found[ended[row.uscc]] = m2_to_mu(row.land_m2)
    return found


def _idle(county: County, actor: Actor, first: date, until: date) -> dict[str, _Idle]:
    """By town: what the rules find at the week's end, as in the reports and on the wall, and what changed since its eve."""
    before = {
        record.phase_id: record.town_code
        for record, found in phases_judged(county, actor, first - timedelta(days=1))
        if found.code in IDLE
    }
    count, new, late = Counter[str](), Counter[str](), Counter[str]()
    mu: dict[str, Decimal] = defaultdict(Decimal)
    seen: set[int] = set()
    for record, found in phases_judged(county, actor, until):
        town = record.town_code
        if found.code == OVERDUE:
            late[town] += 1
        elif found.code in IDLE:
            seen.add(record.phase_id)
            count[town] += 1
            new[town] += record.phase_id not in before
            mu[town] += m2_to_mu(record.area_m2) if record.area_m2 is not None else ZERO
    gone = Counter(town for phase, town in before.items() if phase not in seen)
    return {
        town: _Idle(count[town], mu[town], new[town], gone[town], late[town])
        for town in {*count, *late, *gone}
    }


def _overdue_tasks(county: County, actor: Actor, on: date) -> dict[str, int]:
    """Duties of plans, for whoever may see them, and tasks of the campaigns, by town."""
    found = Counter(overdue_by_town(county, actor, on))
    if actor.may(VIEW_PLANS):
        found.update(due.town_code for due in plan_duties(county, actor, on, within_days=-1))
    return found


def _percent(part: int, whole: int) -> Decimal | None:
    return Decimal(part * 100) / whole if whole else None
