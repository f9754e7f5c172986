# SPDX-License-Identifier: Apache-2.0
"""SM2 from the formulas of GM/T 0003, in plain integers, for comparison: slow, and with no code of the project.
SM3 comes from python3-cryptography."""

from cryptography.hazmat.primitives import hashes

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
     0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0)


def sm3(data):
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


def add(left, right):
    if left is None or right is None:
        return left or right
    if left[0] == right[0]:
        if (left[1] + right[1]) % P == 0:
            return None
        slope = (3 * left[0] * left[0] + A) * pow(2 * left[1], -1, P) % P
    else:
        slope = (right[1] - left[1]) * pow(right[0] - left[0], -1, P) % P
    x = (slope * slope - left[0] - right[0]) % P
    return x, (slope * (left[0] - x) - left[1]) % P


def multiply(factor, point):
    total = None
    while factor:
        if factor & 1:
            total = add(total, point)
        point = add(point, point)
        factor >>= 1
    return total


def pack(number):
    return number.to_bytes(32, "big")


def pack_point(point):
    return pack(point[0]) + pack(point[1])


def unpack_point(data):
    point = int.from_bytes(data[:32], "big"), int.from_bytes(data[32:64], "big")
    assert (point[1] ** 2 - point[0] ** 3 - A * point[0] - B) % P == 0
    return point


def secret(parts, counter):
    """The first number from 1 to n-1 that SM3(parts, counter) gives, and the next counter."""
    while True:
        number = int.from_bytes(sm3(parts + counter.to_bytes(4, "big")), "big")
        counter += 1
        if 0 < number < N:
            return number, counter


def pair(seed):
    counter = 0
    while True:
        scalar, counter = secret(seed, counter)
        if scalar < N - 1:
            return scalar, multiply(scalar, G)


def digest(point, user, message):
    z = sm3((len(user) * 8).to_bytes(2, "big") + user + pack(A) + pack(B) + pack_point(G) + pack_point(point))
    return sm3(z + message)


def sign(scalar, e, seed):
    counter = 0
    number = int.from_bytes(e, "big")
    while True:
        k, counter = secret(pack(scalar) + e + seed, counter)
        r = (number + multiply(k, G)[0]) % N
        s = pow(1 + scalar, -1, N) * (k - r * scalar) % N
        if r != 0 and r + k != N and s != 0:
            return pack(r) + pack(s)


def verify(point, e, signature):
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    t = (r + s) % N
    if not (0 < r < N and 0 < s < N and t != 0):
        return False
    x = add(multiply(s, G), multiply(t, point))[0]
    return (int.from_bytes(e, "big") + x) % N == r


def stream(shared, length):
    out = b""
    counter = 1
    while len(out) < length:
        out += sm3(shared + counter.to_bytes(4, "big"))
        counter += 1
    return out[:length]


def seal(shared, data):
    return bytes(a ^ b for a, b in zip(data, stream(shared, len(data))))


def encrypt(point, text, seed):
    k, _ = secret(pack_point(point) + text + seed, 0)
    shared = pack_point(multiply(k, point))
    return pack_point(multiply(k, G)) + sm3(shared[:32] + text + shared[32:]) + seal(shared, text)


def decrypt(scalar, cipher):
    shared = pack_point(multiply(scalar, unpack_point(cipher)))
    text = seal(shared, cipher[96:])
    assert sm3(shared[:32] + text + shared[32:]) == cipher[64:96]
    return text


def self_test():
    """The published signature and ciphertext of GB/T 32918."""
    scalar = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
    point = multiply(scalar, G)
    e = digest(point, b"1234567812345678", b"message digest")
    signature = bytes.fromhex("F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
                              "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA")
    assert verify(point, e, signature) and not verify(point, sm3(e), signature)
    cipher = bytes.fromhex("04EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73"
                           "E858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0"
                           "59983C18F809E262923C53AEC295D30383B54E39D609D160AFCB1908D0BD8766"
                           "21886CA989CA9C7D58087307CA93092D651EFA")
    assert decrypt(scalar, cipher) == b"encryption standard"
