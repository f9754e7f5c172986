# SPDX-License-Identifier: Apache-2.0
"""From the record of onecard mutate to what is published: a row for each mutant, the scores, and the whole matrix."""
import csv
import gzip
import json
import pathlib
import xml.etree.ElementTree

NAMESPACE = "{urn:onecard:mutation:1}"
COLUMNS = ["mutant", "violates", "status", "kills", "by_requirement", "by_case", "killed_by", "breaks"]


def in_language(element, name, language):
    return next((each.text for each in element.findall(NAMESPACE + name) if each.get("lang") == language), "")


def row(mutant):
    return {"mutant": mutant.get("id"), "violates": mutant.get("violates"), "status": mutant.get("status"),
            "kills": int(mutant.get("kills")), "by_requirement": mutant.get("by-requirement") == "true",
            "by_case": mutant.get("by-case") == "true", "killed_by": mutant.get("killed-by"),
            "breaks": in_language(mutant, "title", "en")}


def publish(campaign, data):
    """`campaign`: the output folder of onecard mutate; `data`: where the published files go."""
    root = xml.etree.ElementTree.parse(campaign / "mutation.xml").getroot()
    mutants = root.findall(NAMESPACE + "mutant")
    document = {
        "began": root.get("began"), "quick": root.get("quick") == "true",
        "scores": [dict(score.attrib) for score in root.findall(NAMESPACE + "score")],
        "processor_seconds": round(sum(int(mutant.get("cpu-ms")) for mutant in mutants) / 1000),
        "left": [{"mutant": mutant.get("id"), "status": mutant.get("status"),
                  "en": in_language(mutant, "equivalent", "en") or in_language(mutant, "title", "en"),
                  "zh": in_language(mutant, "equivalent", "zh") or in_language(mutant, "title", "zh")}
                 for mutant in mutants if mutant.get("status") != "killed"],
        "idle": [dict(group.attrib) for group in root.findall(NAMESPACE + "idle")],
    }
    (data / "mutants.json").write_text(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n",
                                       encoding="utf-8")
    with open(data / "mutants.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(row(mutant) for mutant in mutants)
    # Without a time in its head, so that the same matrix is the same file.
    with open(data / "matrix.csv.gz", "wb") as file, gzip.GzipFile(fileobj=file, mode="wb", mtime=0, filename="") as packed:
        packed.write(pathlib.Path(campaign / "matrix.csv").read_bytes())
