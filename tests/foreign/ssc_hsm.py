# SPDX-License-Identifier: Apache-2.0
"""The HSM behind terminals without a PSAM, a second time: its answers computed from the message's fields as
vectors/README.md describes them, with ssc_crypto.py. Key addresses come from the cards' structure, keys from the keys
file; both are data of the project."""

import pathlib
import xml.etree.ElementTree as ElementTree

import ssc_crypto as ssc

SPACE = "{urn:onecard:profile:1}"
NAMES = {"01": ssc.TDES, "DES": ssc.TDES, "3DES": ssc.TDES, "03": ssc.SM4, "SM4": ssc.SM4}


class Profile:
    """What the HSM knows of a card profile."""

    def __init__(self, path):
        path = pathlib.Path(path)
        root = ElementTree.parse(path).getroot()
        beside = {tag: ElementTree.parse(path.parent / root.find(SPACE + tag).get("href")).getroot()
                  for tag in ("structure", "keys")}
        self.alg = {"3DES": ssc.TDES, "SM4": ssc.SM4}[root.get("alg")]
        self.first_generation = root.get("generation") == "1.0"
        self.mac1_zero = any(setting.get("name") == "purchase-mac1" and setting.get("value") == "zero"
                             for setting in root.iter(SPACE + "setting"))
        area = root.find(SPACE + "city").get("area")
        self.own = factors(bytes.fromhex(root.find(SPACE + "chip").get("atr")), area)
        self.roots = {(f"{key.get('dir')}/{key.get('name')}", int(key.get("version"))): bytes.fromhex(key.get("value"))
                      for key in beside["keys"] if key.get("alg") == root.get("alg")}
        self.addresses = {self._address(directory, key, int(version)): (f"{directory.get('name')}/{key.get('name')}",
                                                                       int(version))
                          for directory in beside["structure"].iter(SPACE + "directory") if "if" not in directory.attrib
                          for key in directory.iter(SPACE + "key") if key.get("kind") == "external"
                          and "if" not in key.attrib
                          for version in key.get("versions", "1").split()}

    def _address(self, directory, key, version):
        number = 0 if directory.get("name") == "SSSE" else int(directory.get("name")[2:])
        return f"{int(self.first_generation)}{number}{key.get('id')}{version:02X}"

    def key(self, name, version, fields):
        of_card = self.own if "card-id" not in fields else factors(bytes.fromhex(fields["atr"]), fields["card-id"])
        return ssc.diversify(self.alg, self.roots[name, version], *of_card)


def factors(historical, area):
    return ssc.province_factor(area[:6]), ssc.city_factor(area[:6]), historical[-8:]


def authentication_data(alg, key, factor, text):
    return (ssc.auth(alg, key, factor, text) + text).hex().upper()


def unhex(*items):
    return map(bytes.fromhex, items)


def basic(profile, fields):
    _, historical, name, card_id, *randoms = fields["step1"].split("|")
    assert NAMES[name] == profile.alg
    card = {"atr": historical, "card-id": card_id}
    factor_in, text_in, factor_ex, text_ex = unhex(*randoms[:4])
    internal = authentication_data(profile.alg, profile.key("SSSE/IRK", 1, card), factor_in, text_in)
    external = ""
    if profile.alg == ssc.SM4:
        external = authentication_data(profile.alg, profile.key("SSSE/RK", 1, card), factor_ex, text_ex)
    return f"{internal}|{external}|"


def external(profile, fields):
    _, address, factor, text = fields["step1"].split("|")[:4]
    key = profile.key(*profile.addresses[address.upper()], fields)
    return authentication_data(profile.alg, key, *unhex(factor, text))


def pin_block(digits, size):
    packed = bytes.fromhex(digits + "F" * (len(digits) % 2))
    return (bytes([len(packed)]) + packed + b"\x80").ljust(size, b"\0")


def secure_message(profile, fields):
    _, _, random, header, pin = fields["step2"].split("|")[:5]
    random, command = unhex(random, header)
    session = ssc.session(profile.alg, profile.key("SSSE/STK", 1, fields), random)
    if pin:
        command += ssc.encipher(profile.alg, session, pin_block(pin, ssc.block_size(profile.alg)))
    return (command + ssc.mac4(profile.alg, session, command)).hex().upper()


class Debit:
    def __init__(self, profile, fields):
        items = fields["step1"].split("|")
        self.profile = profile
        self.dpk = profile.key("DF04/DPK", 1, fields)
        self.dtk = profile.key("DF04/DTK", 1, fields)
        self.random, self.seq, sums, self.kind, self.terminal, self.time = unhex(*items[2:8])
        sums = sums.rjust(12, b"\0")
        self.sums = sums[:4], sums[4:8], sums[8:]
        self.serial = b"\0\0" + self.seq

    def mac1(self):
        compute = ssc.purchase_mac1_zero if self.profile.mac1_zero else ssc.purchase_mac1
        return compute(self.profile.alg, self.dpk, self.random, self.seq, self.serial, *self.sums, self.kind,
                       self.terminal, self.time)

    def mac2(self):
        return ssc.purchase_mac2(self.profile.alg, self.dpk, self.random, self.seq, self.serial, *self.sums)

    def tac(self):
        return ssc.purchase_tac(self.profile.alg, self.dtk, *self.sums, self.kind, self.terminal, self.serial,
                                self.time)


def debit(profile, fields):
    this = Debit(profile, fields)
    return "".join(part.hex().upper() + "|" for part in (this.serial, this.time, this.mac1()))
