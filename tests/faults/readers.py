# SPDX-License-Identifier: Apache-2.0
"""The card under test is unplugged in mid-exchange and plugged in again, or its connection ends with half a frame, a
length that is never filled, an empty frame, or silence: in a reader of pcscd, and as a soft card that connects to the
runner itself. The run goes on when the card is back: what was hit is an ERROR (in a reader) or the card's failure (a soft
card), the record holds every case once, and --resume with a card that stays comes to the verdicts of an undisturbed run."""

import sys

import soft_card
import trials

CARD = "vectors/cards/ssc-3.0.xml"
CASES = ["vectors/card/pin.xml", "vectors/card/load.xml"]
WHAT = ("unplugged", "half frame", "long frame", "empty frame", "silence")


def options(link, port):
    spec = "pcsc:onecard trial 00 00" if link == "reader" else f"vpcd:{port}"
    return ["--card", spec, "--profile", CARD, "--allow", "counters,records,purse,keys", "--timeout", "1", *CASES]


class Place:
    """A folder, a reader and a card in it."""

    def __init__(self, arguments, link):
        self.folder = trials.Folder(arguments)
        self.folder.environment["ONECARD_LEDGER"] = f"{self.folder.path}/ledger"
        self.pcscd = soft_card.Pcscd.start(self.folder.path) if link == "reader" else None
        port = self.pcscd.port if self.pcscd else soft_card.free_ports()
        if self.pcscd:
            self.folder.environment["PCSCLITE_CSOCK_NAME"] = self.pcscd.socket
        self.card = soft_card.SoftCard(arguments.onecard, arguments.source, CARD, port)
        self.options = options(link, port)

    def close(self):
        self.card.stop()
        if self.pcscd:
            self.pcscd.stop()
        self.folder.remove()


def judge_broken(folder, code, good, link):
    record = trials.Record(folder.out)
    if code not in ((0, 3, 6) if link == "reader" else (0, 1, 3, 6)):
        return f"ended with {code}: {folder.said()[-400:]}"
    if not record.whole:
        return f"exit code {code} without a record: {folder.said()[-300:]}"
    wrong = trials.reports_whole(folder.out)
    if wrong:
        return wrong
    if record.doubled or set(record.cases) != set(good.cases):
        return "the record does not hold every case once"
    for key, verdict in record.verdicts.items():
        if verdict in ("FAIL", "DEVIATION") and link == "reader":
            return f"{key} fails: {record.cases[key][-400:]}"
        if verdict == "PASS" and good.verdicts[key] != "PASS":
            return f"{key} passes, and does not in an undisturbed run"
        if verdict in ("ERROR", "INCONCLUSIVE", "NOT_RUN") and not record.reason(key):
            return f"{key} is {verdict} without a reason"
    return None


def resumed(place, good, counts):
    with open(f"{place.folder.path}/said", "w", encoding="utf-8"):
        pass
    code = place.folder.run(["--resume", *place.options])
    said, record = place.folder.said(), trials.Record(place.folder.out)
    if code == 3 and trials.GUARDED in said:
        counts["for_a_hand"] += 1
        return None
    if code != 0:
        return f"the resumed run ended with {code}: {said[-400:]}"
    counts["not_sent"] += trials.pass_over_guarded(good, record)
    return trials.reports_whole(place.folder.out) or trials.difference(good, record, False)


def one_trial(place, link, what, draw, good, exchanges, counts):
    place.card.strikes = sorted((draw.randint(1, exchanges), what, draw.choice((0.05, 0.5, 1.2))) for _ in range(2))
    try:
        code = place.folder.run(place.options)
    finally:
        counts["struck"] += place.card.struck
        place.card.strikes = []
    record = trials.Record(place.folder.out)
    for verdict in ("ERROR", "FAIL", "INCONCLUSIVE", "NOT_RUN"):
        counts[verdict.lower()] += record.count(verdict)
    wrong = judge_broken(place.folder, code, good, link)
    if not wrong and code == 0 and place.card.struck > 0:
        wrong = "an exchange got no answer, and nobody says so"
    if wrong or code == 1:
        return wrong
    return resumed(place, good, counts)


def main():
    arguments = trials.options(__doc__).parse_args()
    campaign = trials.Campaign("readers", arguments)
    for link in ("reader", "soft card"):
        kinds = [what for what in WHAT if campaign.wants(f"{link}, {what}")]
        if not kinds:
            continue
        place = Place(arguments, link)
        if link == "reader" and place.pcscd is None:
            place.close()
            print("no pcscd can be had here: nothing tried in a reader")
            continue
        try:
            code = place.folder.run(place.options)
            good, exchanges = trials.Record(place.folder.out), place.card.exchanges
            assert code == 0 and len(good.cases) > 20, (code, place.folder.said()[-500:])
        finally:
            place.close()

        def work(item, link=link, good=good, exchanges=exchanges):
            what, number = item
            counts = {"struck": 0, "error": 0, "fail": 0, "inconclusive": 0, "not_run": 0, "not_sent": 0, "for_a_hand": 0}
            place = Place(arguments, link)
            try:
                wrong = one_trial(place, link, what, campaign.random_of(link, what, number), good, exchanges, counts)
            finally:
                place.close()
            campaign.note(f"{link}, {what}", wrong and f"trial {number}: {wrong}", **counts)

        campaign.each(work, [(what, number) for what in kinds for number in range(arguments.trials)])
    return campaign.finish()


sys.exit(main())
