"""The desk at which corrections are judged, learned, held and taken back. Pure but for time spent.

A correction is judged once and its decision remembered: what comes again after a crash is answered
the same and teaches nothing twice. Decisions depend on the order of the topic and on event time
alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from streams.classify.learner import Learner, taught
from streams.classify.lessons import Lesson
from streams.codes import Codes
from streams.desk_state import (
    DeskState,
    Memo,
    add_officer,
    lesson_of,
    others_said,
    support_of,
)
from streams.identity import identify
from streams.opinions import (
    CorrectedField,
    Correction,
    CorrectionDecision,
    CorrectionMode,
    Standing,
)
from streams.shadow import Anchors, Trial, try_out
from streams.state import millis
from streams.trust import (
    Account,
    Act,
    Judged,
    Reason,
    contradicts,
    judge,
    one_sided,
    pairs_agree,
    remember,
)

_LEARNED: Final = CorrectedField.ISCO08


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What a batch of corrections led to."""

    decisions: tuple[CorrectionDecision, ...]
    blocked: frozenset[str]
    """Corrections that must not change their vacancy."""


class Desk:
    """Judges corrections in the order of their topic. `learner` is what serves."""

    def __init__(
        self,
        coder_says: Callable[[Correction], Codes],
        anchors: Anchors,
        state: DeskState | None = None,
        learner: Learner | None = None,
    ) -> None:
        """`coder_says` gives the codes of a correction's posting without anything learned."""
        self._coder_says = coder_says
        self._anchors = anchors
        self.state = state or DeskState()
        self.learner = learner or Learner()
        self._decided: dict[str, CorrectionDecision] = {}
        self._accepted: list[Lesson] = []
        self._causes: dict[str, Correction] = {}

    def sit(self, corrections: Sequence[Correction]) -> Session:
        """Judge `corrections`; the learner has what was accepted when this returns."""
        self._decided = {}
        blocked: set[str] = set()
        for correction in corrections:
            key = correction.correction_id
            if (known := self.state.memos.get(key)) is not None:
                self._note(correction, key, known)
            elif not any(key == one.correction_id for one in self._accepted):
                self._judge(correction)
            known = self.state.memos.get(key)
            if known is not None and known.standing == Standing.BLOCKED:
                blocked.add(key)
        self._learn_accepted()
        self.state.prune()
        return Session(decisions=tuple(self._decided.values()), blocked=frozenset(blocked))

    def _judge(self, correction: Correction) -> None:
        if correction.mode is CorrectionMode.REVOCATION:
            self._revoke(correction)
            return
        if correction.field is not _LEARNED:
            self._applied(correction, Reason.FIELD_NOT_LEARNED)
            return
        self._agree(correction)
        if correction.mode is CorrectionMode.DOUBLE_CODING:
            self._applied(correction, Reason.DOUBLE_CODING)
        elif not correction.after:
            self._applied(correction, Reason.NOT_CODABLE)
        else:
            self._weigh(correction)

    def _weigh(self, correction: Correction) -> None:
        """Learn from a correction, or hold it."""
        codes = self._coder_says(correction)
        lesson = lesson_of(correction, codes)
        act = Act(
            at=millis(correction.corrected_at),
            correction_id=correction.correction_id,
            before=correction.before,
            after=correction.after,
            conflict=contradicts(
                codes, self._anchors.codes_of(correction.posting.title), correction.after
            ),
        )
        account = self.state.accounts.setdefault(correction.officer, Account())
        remember(account, act)
        same = others_said(self.state.supports, support_of(lesson), correction.officer)
        pair = others_said(self.state.pairs, f"{act.before}>{act.after}", correction.officer)
        judged = judge(account, act, supported=same, pair_supported=pair)
        if judged.blocks:
            self._decide(correction, Standing.BLOCKED, judged)
            return
        add_officer(self.state.supports, support_of(lesson), correction.officer)
        add_officer(self.state.pairs, f"{act.before}>{act.after}", correction.officer)
        if judged.reason is not None:
            self.state.held[correction.correction_id] = lesson
            self._decide(correction, Standing.HELD, judged)
            if judged.reason is Reason.ONE_SIDED:
                self._withdraw_run(correction, one_sided(account, act), judged)
            return
        released = self._released(lesson) if same else []
        for accepted in (*released, lesson):
            self._accepted.append(accepted)
            self._causes[accepted.correction_id] = correction

    def _learn_accepted(self) -> None:
        """Let a copy learn what was accepted, officer by officer; it serves if it is not worse."""
        accepted, causes = self._accepted, self._causes
        self._accepted, self._causes = [], {}
        for officer in dict.fromkeys(lesson.officer for lesson in accepted):
            lessons = [lesson for lesson in accepted if lesson.officer == officer]
            trial = self._try(lessons)
            standing = Standing.LEARNED if trial.passed else Standing.QUARANTINED
            for lesson in lessons:
                cause = causes[lesson.correction_id]
                own = lesson.correction_id == cause.correction_id
                good = Reason.NOT_WORSE if own else Reason.SECOND_OFFICER
                reason = good if trial.passed else Reason.WORSE
                memo = Memo(standing=standing.value, reason=reason.value, detail=trial.detail)
                self._note(cause, lesson.correction_id, memo, lesson)

    def _try(self, lessons: Sequence[Lesson]) -> Trial:
        new = Learner.restore(self.learner.snapshot())
        for lesson in lessons:
            new.learn(lesson)
        trial = try_out(self.learner, new, lessons, self._anchors)
        if trial.passed:
            self.learner = new
        return trial

    def _released(self, lesson: Lesson) -> list[Lesson]:
        """Held lessons of others that say the same, which wait no longer."""
        wanted = support_of(lesson)
        found = [old for old in self.state.held.values() if support_of(old) == wanted]
        for old in found:
            del self.state.held[old.correction_id]
        return found

    def _withdraw_run(
        self,
        correction: Correction,
        run: Sequence[str],
        judged: Judged,
    ) -> None:
        """Unlearn the earlier corrections of a run that has turned out one-sided."""
        self._learn_accepted()
        for lesson in self._unlearn(frozenset(run)):
            self.state.held[lesson.correction_id] = lesson
            memo = Memo(
                standing=Standing.HELD.value,
                reason=Reason.ONE_SIDED.value,
                detail=judged.detail,
            )
            self._note(correction, lesson.correction_id, memo, lesson)

    def _revoke(self, correction: Correction) -> None:
        self._learn_accepted()
        revoked = correction.revokes
        gone = self._unlearn(frozenset((revoked,)))
        held = self.state.held.pop(revoked, None)
        for lesson in (*gone, *([held] if held else [])):
            supporters = self.state.supports.get(support_of(lesson), [])
            if lesson.officer in supporters:
                supporters.remove(lesson.officer)
            if lesson.officer != correction.officer:
                account = self.state.accounts.setdefault(lesson.officer, Account())
                account.disagreed += 1
            memo = Memo(
                standing=Standing.REVOKED.value,
                reason=Reason.REVOKED.value,
                detail=correction.correction_id,
            )
            self._note(correction, revoked, memo, lesson)
        known = self.state.memos.get(revoked)
        if known is not None and known.standing != Standing.REVOKED:
            memo = replace(
                known,
                standing=Standing.REVOKED.value,
                reason=Reason.REVOKED.value,
                detail=correction.correction_id,
            )
            self._note(correction, revoked, memo)
        self._applied(correction, Reason.REVOCATION)

    def _unlearn(self, correction_ids: frozenset[str]) -> list[Lesson]:
        """Forget lessons: the learner is taught all the others afresh, in order."""
        gone = [one for one in self.learner.lessons if one.correction_id in correction_ids]
        if gone:
            self.learner = taught(
                one for one in self.learner.lessons if one.correction_id not in correction_ids
            )
        return gone

    def _agree(self, correction: Correction) -> None:
        """Count agreement with whoever else coded the vacancy."""
        said = self.state.coded.setdefault(correction.vacancy_id, {})
        for other, agrees in pairs_agree(said, correction.officer, correction.after):
            for name in (other, correction.officer):
                account = self.state.accounts.setdefault(name, Account())
                account.agreed += agrees
                account.disagreed += not agrees
        said[correction.officer] = correction.after

    def _applied(self, correction: Correction, reason: Reason) -> None:
        self._decide(correction, Standing.APPLIED, Judged(reason=reason))

    def _decide(
        self,
        correction: Correction,
        standing: Standing,
        judged: Judged,
    ) -> None:
        reason = judged.reason.value if judged.reason else ""
        memo = Memo(standing=standing.value, reason=reason, detail=judged.detail)
        self._note(correction, correction.correction_id, memo)

    def _note(
        self, cause: Correction, about: str, memo: Memo, lesson: Lesson | None = None
    ) -> None:
        """Remember `memo` about one correction, caused by `cause`, and tell it."""
        officer = lesson.officer if lesson else memo.officer or cause.officer
        self.state.memos[about] = replace(memo, officer=officer)
        decision_id = identify("decision", about, cause.correction_id, memo.standing, memo.reason)
        self._decided[decision_id] = CorrectionDecision(
            decision_id=decision_id,
            correction_id=about,
            vacancy_id=lesson.vacancy_id if lesson else cause.vacancy_id,
            officer=officer,
            standing=Standing(memo.standing),
            reason=memo.reason,
            detail=memo.detail,
            learner_state=self.learner.state,
            decided_at=cause.corrected_at,
        )
