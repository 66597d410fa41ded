"""What a plan is asked to do, besides what the configuration says."""

from dataclasses import dataclass, field
from typing import Literal

from engine.address import InstanceAddress, Target
from engine.plan.stand_ins import NO_STAND_INS, StandIns

Mode = Literal["normal", "destroy", "refresh-only"]


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """How to plan. With `targets` only these, and what they need; without `excluded` and what needs them."""

    mode: Mode = "normal"
    refresh: bool = True
    targets: tuple[Target, ...] = ()
    excluded: tuple[Target, ...] = ()
    replace: tuple[InstanceAddress, ...] = ()
    at_a_time: int = 10  # how many objects are read side by side
    generates: bool = False  # imports without a resource block are no error: their configuration will be written
    stand_ins: StandIns = field(default=NO_STAND_INS, compare=False)  # never those of a saved plan

    @property
    def is_partial(self) -> bool:
        """Whether parts of the configuration are left out."""
        return bool(self.targets or self.excluded)
