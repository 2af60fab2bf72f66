"""The contracts and phases of a county by the numbers that delivered rows name them with.

Refuses to guess: numbers that lead to no contract, to several, or to different ones are told with what to do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from landgis.counties.models import County
from landgis.lib.errors import InputError
from parcels.supply.models import ContractPhase

REFERENCES = {"supervision_no": "电子监管号", "contract_no": "合同编号", "parcel_code": "宗地代码"}


class Target(NamedTuple):
    """What a row is about: a contract, and one phase of it or (None) all."""

    contract_id: int
    phase_id: int | None


class PhaseBook:
    """Read once for a delivery, with one statement."""

    def __init__(self, county: County) -> None:
        self._named: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._phases: dict[int, dict[int, int]] = defaultdict(dict)
        self._titles: dict[int, str] = {}
        rows = ContractPhase.objects.filter(contract__county=county).values_list(
            "id", "phase_no", "contract_id", "contract__contract_no", "contract__supervision_no",
            "contract__parcel_code", "contract__parcel__code",
        )  # fmt: skip
        for phase_id, phase_no, contract_id, contract_no, supervision_no, own_code, code in rows:
            self._phases[contract_id][phase_no] = phase_id
            self._titles[contract_id] = contract_no or supervision_no
            for pair in (
                ("contract_no", contract_no), ("supervision_no", supervision_no),
                ("parcel_code", own_code), ("parcel_code", code),
            ):  # fmt: skip
                if pair[1]:
                    self._named[pair].add(contract_id)

    def target(self, facts: Mapping[str, Any]) -> Target:
        """The contract by the numbers of a row, and its phase by `phase_no` (None: all of them)."""
        contract_id = self._contract(facts)
        phase_no = facts.get("phase_no")
        if phase_no is None:
            return Target(contract_id, None)
        if phase_no not in self._phases[contract_id]:
            known = "、".join(map(str, sorted(self._phases[contract_id])))
            message = f"合同 {self._titles[contract_id]} 没有第 {phase_no} 期，登记的有第 {known} 期。"
            raise InputError("reference_unknown", message, "请核对分期，或先导入该期。", field="phase_no")
        return Target(contract_id, self._phases[contract_id][phase_no])

    def only_phase(self, contract_id: int) -> int | None:
        """The phase of an undivided contract; None where there are several."""
        phases = self._phases[contract_id]
        return next(iter(phases.values())) if len(phases) == 1 else None

    def parcel_differs(self, target: Target, facts: Mapping[str, Any]) -> bool:
        """Whether the row's parcel code, beside the numbers that decided, is another than the contract's."""
        code = facts.get("parcel_code") or ""
        return bool(code) and target.contract_id not in self._named.get(("parcel_code", code), ())

    def _contract(self, facts: Mapping[str, Any]) -> int:
        given = [(name, str(facts[name])) for name in REFERENCES if facts.get(name)]
        # A parcel may have carried several contracts: its code decides only where no number does.
        deciding = [pair for pair in given if pair[0] != "parcel_code"] or given
        found = [self._named.get(pair, set()) for pair in deciding]
        for (name, value), contracts in zip(deciding, found, strict=True):
            if not contracts:
                message = f"登记库中没有{REFERENCES[name]} {value} 的合同。"
                raise InputError("reference_unknown", message, "请核对，或先导入该合同。", field=name)
        common = set.intersection(*found)
        if not common:
            told = "与".join(f"{REFERENCES[name]} {value}" for name, value in deciding)
            message = f"{told} 指向不同的合同。"
            raise InputError("reference_disagrees", message, "请核对后改正其中一项。", field=deciding[0][0])
        if len(common) > 1:
            common &= self._named.get(("parcel_code", facts.get("parcel_code") or ""), common)
        if len(common) > 1:
            names = "、".join(sorted(self._titles[contract] for contract in common)[:5])
            name, value = deciding[0]
            message = f"{REFERENCES[name]} {value} 有 {len(common)} 份合同（{names}）。"
            raise InputError("reference_ambiguous", message, "请补填合同编号或电子监管号。", field=name)
        return next(iter(common))
