"""Text in other encodings than UTF-8, and compressed: as Base64, because strings hold nothing but text."""

import base64
import binascii
import codecs
import struct
import zlib
from functools import cache
from typing import Final

from engine.lang.convert import normalize
from engine.lang.function import Function, FunctionError, Parameter
from engine.lang.types import STRING

MAX_TEXT_LENGTH: Final = 64 * 1024 * 1024

# IANA's name of each encoding, the name that Python has for it, and IANA's other names.
_ENCODINGS: Final = (
    ("UTF-8", "utf-8", "csUTF8"),
    ("UTF-16", "utf-16", "csUTF16"),
    ("UTF-16BE", "utf-16-be", "csUTF16BE"),
    ("UTF-16LE", "utf-16-le", "csUTF16LE"),
    ("US-ASCII", "ascii", "iso-ir-6 ANSI_X3.4-1968 ANSI_X3.4-1986 ISO_646.irv:1991 ISO646-US us IBM367 cp367 csASCII"),
    ("ISO_8859-1:1987", "latin-1", "iso-ir-100 ISO_8859-1 ISO-8859-1 latin1 l1 IBM819 CP819 csISOLatin1"),
    ("ISO_8859-2:1987", "iso8859-2", "iso-ir-101 ISO_8859-2 ISO-8859-2 latin2 l2 csISOLatin2"),
    ("ISO_8859-3:1988", "iso8859-3", "iso-ir-109 ISO_8859-3 ISO-8859-3 latin3 l3 csISOLatin3"),
    ("ISO_8859-4:1988", "iso8859-4", "iso-ir-110 ISO_8859-4 ISO-8859-4 latin4 l4 csISOLatin4"),
    ("ISO_8859-5:1988", "iso8859-5", "iso-ir-144 ISO_8859-5 ISO-8859-5 cyrillic csISOLatinCyrillic"),
    (
        "ISO_8859-6:1987",
        "iso8859-6",
        "iso-ir-127 ISO_8859-6 ISO-8859-6 ECMA-114 ASMO-708 arabic csISOLatinArabic ISO_8859-6-E csISO88596E "
        "ISO-8859-6-E ISO_8859-6-I csISO88596I ISO-8859-6-I",
    ),
    ("ISO_8859-7:1987", "iso8859-7", "iso-ir-126 ISO_8859-7 ISO-8859-7 ELOT_928 ECMA-118 greek greek8 csISOLatinGreek"),
    (
        "ISO_8859-8:1988",
        "iso8859-8",
        "iso-ir-138 ISO_8859-8 ISO-8859-8 hebrew csISOLatinHebrew ISO_8859-8-E csISO88598E ISO-8859-8-E ISO_8859-8-I "
        "csISO88598I ISO-8859-8-I",
    ),
    ("ISO_8859-9:1989", "iso8859-9", "iso-ir-148 ISO_8859-9 ISO-8859-9 latin5 l5 csISOLatin5"),
    ("ISO-8859-10", "iso8859-10", "iso-ir-157 l6 ISO_8859-10:1992 csISOLatin6 latin6"),
    ("ISO-8859-13", "iso8859-13", "csISO885913"),
    ("ISO-8859-14", "iso8859-14", "iso-ir-199 ISO_8859-14:1998 ISO_8859-14 latin8 iso-celtic l8 csISO885914"),
    ("ISO-8859-15", "iso8859-15", "ISO_8859-15 Latin-9 csISO885915"),
    ("ISO-8859-16", "iso8859-16", "iso-ir-226 ISO_8859-16:2001 ISO_8859-16 latin10 l10 csISO885916"),
    ("windows-874", "cp874", "cswindows874"),
    *((f"windows-{number}", f"cp{number}", f"cswindows{number}") for number in range(1250, 1259)),
    ("IBM037", "cp037", "cp037 ebcdic-cp-us ebcdic-cp-ca ebcdic-cp-wt ebcdic-cp-nl csIBM037"),
    ("IBM437", "cp437", "cp437 437 csPC8CodePage437"),
    ("IBM850", "cp850", "cp850 850 csPC850Multilingual"),
    ("IBM852", "cp852", "cp852 852 csPCp852"),
    ("IBM855", "cp855", "cp855 855 csIBM855"),
    ("IBM00858", "cp858", "CCSID00858 CP00858 PC-Multilingual-850+euro csIBM00858"),
    ("IBM860", "cp860", "cp860 860 csIBM860"),
    ("IBM862", "cp862", "cp862 862 csPC862LatinHebrew"),
    ("IBM863", "cp863", "cp863 863 csIBM863"),
    ("IBM865", "cp865", "cp865 865 csIBM865"),
    ("IBM866", "cp866", "cp866 866 csIBM866"),
    ("IBM01140", "cp1140", "CCSID01140 CP01140 ebcdic-us-37+euro csIBM01140"),
    ("KOI8-R", "koi8-r", "csKOI8R"),
    ("KOI8-U", "koi8-u", "csKOI8U"),
    ("macintosh", "mac-roman", "mac csMacintosh"),
    ("GBK", "gbk", "CP936 MS936 windows-936 csGBK"),
    ("GB18030", "gb18030", "csGB18030"),
    ("HZ-GB-2312", "hz", ""),
    ("Big5", "big5", "csBig5"),
    ("EUC-JP", "euc-jp", "Extended_UNIX_Code_Packed_Format_for_Japanese csEUCPkdFmtJapanese"),
    ("ISO-2022-JP", "iso2022-jp", "csISO2022JP"),
    ("Shift_JIS", "cp932", "MS_Kanji csShiftJIS"),
    ("EUC-KR", "cp949", "csEUCKR"),
)


@cache
def _known_names() -> dict[str, tuple[str, str]]:
    """Return IANA's name and Python's by every name there is, in lower case."""
    return {name.lower(): (iana, python) for iana, python, others in _ENCODINGS for name in (iana, *others.split())}


def _encoding(name: str) -> tuple[str, str]:
    found = _known_names().get(name.lower())
    if found is None:
        what = "is not a supported IANA encoding name or alias in this Terraform version"
        raise FunctionError(f'"{name}" {what}', 1, f"(sensitive value) {what}")
    return found


def _textencodebase64(text: str, encoding: str) -> str:
    iana, python = _encoding(encoding)
    try:
        data = codecs.BOM_UTF16_BE + text.encode("utf-16-be") if iana == "UTF-16" else text.encode(python)
    except UnicodeEncodeError:
        raise FunctionError(f"the given string contains characters that cannot be represented in {iana}", 0) from None
    return base64.b64encode(data).decode()


def _textdecodebase64(source: str, encoding: str) -> str:
    iana, python = _encoding(encoding)
    packed = source.replace("\r", "").replace("\n", "")
    try:
        data = binascii.a2b_base64(packed, strict_mode=True)
    except ValueError:
        offset = _first_bad_symbol(packed)
        raise FunctionError(f"the given value is has an invalid base64 symbol at offset {offset}", 0) from None
    if iana == "UTF-16" and not data.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)):
        python = "utf-16-be"
    try:
        return normalize(data.decode(python))
    except UnicodeDecodeError:
        raise FunctionError(f"the given string contains symbols that are not defined for {iana}", 0) from None


def _first_bad_symbol(text: str) -> int:
    for offset, character in enumerate(text):
        if not (character.isascii() and (character.isalnum() or character in "+/=")):
            return offset
    padded = text.find("=")
    return padded if padded >= 0 else len(text) // 4 * 4  # where the last group of four begins


def _base64gzip(text: str) -> str:
    if len(text) > MAX_TEXT_LENGTH:
        raise FunctionError("the text is too long", 0)
    data = text.encode()
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    # Without name, time and system: the same text gives the same result everywhere. The blocks end as Go's do.
    header = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    packed = packer.compress(data) + packer.flush(zlib.Z_SYNC_FLUSH)
    end = b"\x01\0\0\xff\xff" + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)
    return base64.b64encode(header + packed + end).decode()


_ENCODING = Parameter("encoding", STRING, description="A name that IANA has registered, such as UTF-16LE.")

FUNCTIONS: Final[tuple[Function, ...]] = (
    Function(
        "base64gzip",
        (Parameter("str", STRING),),
        _base64gzip,
        result=STRING,
        description="Text compressed by gzip, as Base64 data.",
    ),
    Function(
        "textdecodebase64",
        (Parameter("source", STRING), _ENCODING),
        _textdecodebase64,
        result=STRING,
        description="The text that Base64 data holds in an encoding.",
    ),
    Function(
        "textencodebase64",
        (Parameter("string", STRING), _ENCODING),
        _textencodebase64,
        result=STRING,
        description="Text in an encoding, as Base64 data.",
    ),
)
