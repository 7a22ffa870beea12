"""Hostile strings (escape injection, answers, spoofing, bidi, hidden and combining characters)."""

ESC = "\x1b"

# Each carries the word STOAEVIL or a number that stoa itself never writes, so that a leak shows.
PAYLOADS = [
    f"{ESC}]0;STOAEVIL\x07", f"{ESC}]2;STOAEVIL{ESC}\\", f"{ESC}]0;\r rm -rf ~\r\x07",
    f"{ESC}]52;c;U1RPQUVWSUw=\x07", f"{ESC}]52;c;?\x07", f"{ESC}]8;;http://STOAEVIL/{ESC}\\x{ESC}]8;;{ESC}\\",
    f"{ESC}]9;STOAEVIL\x07", f"{ESC}]777;notify;STOAEVIL;x\x07", f"{ESC}]99;i=1;STOAEVIL{ESC}\\",
    f"{ESC}]4;1;rgb:66/66/66\x07", f"{ESC}]10;?\x07", f"{ESC}]50;STOAEVIL\x07", f"{ESC}]133;A\x07",
    f"{ESC}]1337;File=inline=1:AAAA\x07", f"{ESC}]0;STOAEVIL unterminated",
    f"{ESC}[31mSTOAEVIL", f"{ESC}[6666;7777H", f"{ESC}[2J", f"{ESC}[3J", f"{ESC}[6n", f"{ESC}[5n", f"{ESC}[c",
    f"{ESC}[>c", f"{ESC}[>0q", f"{ESC}[21t", f"{ESC}[20t", f"{ESC}[18t", f"{ESC}[?9999h", f"{ESC}[?1049l",
    f"{ESC}[?2004l", f"{ESC}[?25l", f"{ESC}[!p", f"{ESC}[6666q", f"{ESC}[4i", f"{ESC}[5i", f"{ESC}[201~:q!\r",
    f"{ESC}[", f"{ESC}[6666", f"{ESC}", f"{ESC}c", f"{ESC}7", f"{ESC}#8", f"{ESC}Z", f"{ESC}(0", f"{ESC}N", f"{ESC}O",
    f"{ESC}P$qm{ESC}\\", f"{ESC}P+q544e{ESC}\\", f"{ESC}P1;0;0q#0{ESC}\\", f"{ESC}Ptmux;{ESC}{ESC}]0;x\x07{ESC}\\",
    f"{ESC}_Gi=31,a=T;AAAA{ESC}\\", f"{ESC}^STOAEVIL{ESC}\\", f"{ESC}XSTOAEVIL{ESC}\\",
    "\x9b31mSTOAEVIL", "\x9d0;STOAEVIL\x9c", "\x90$qm\x9c", "\x9f", "\x9e", "\x98", "\x85", "\x8d",
    "hi\rADMIN: send keys", "abc\b\b\bxyz", "a\tb", "line\nforged header", "\x07\x07\x07", "\x0e\x0f\x7f", "a\x0bb\x0cc",
    "\u202emoc.elgoog", "\u2066a\u2069\u202c", "\u200fright", "cry\u200bpto", "a\ufeffb\u2060c", "\U000e0041\U000e0042",
    "a" + "\u0301" * 200, "\u2028\u2029", "e\ufe0f\ufe0f\ufe0f", "\u115f\u3164\uffa0\u2800", "\ufff9x\ufffby",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\ud7ff\ue000\uffff", "漢字" * 30, "\U0001f3f4\U000e0067\U000e007f",
    "%s%n%x", "$(touch /tmp/STOAEVIL)", "`id`", "'; rm -rf ~; '", "&#27;]0;STOAEVIL&#7;", "&#x9b;31m", "<b>STOA</b>",
]
