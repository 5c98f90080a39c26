/// A country or region, as two upper-case letters of ISO 3166-1.
package struct Country: Hashable, Sendable {
    /// The two letters, the first in the upper half.
    private let letters: UInt16

    /// The request parameter that names it.
    package static let parameterName = "country"

    /// Looks a code up without regard to ASCII case; `UK`, as people write it, is `GB`.
    package init?(_ code: Span<UInt8>) {
        guard code.count == 2 else { return nil }
        let letters = Self.letters(code[0].asciiUppercased, code[1].asciiUppercased)
        let meant = letters == Self.unitedKingdom ? Self.greatBritain : letters
        guard Self.codes.contains(meant) else { return nil }
        self.letters = meant
    }

    package init?(_ code: String) {
        self.init(Array(code.utf8).span)
    }

    /// Two upper-case letters, such as `FR`.
    package var code: String { String(decoding: [bytes.0, bytes.1], as: UTF8.self) }

    /// The letters of ``code``.
    var bytes: (UInt8, UInt8) { (UInt8(letters >> 8), UInt8(truncatingIfNeeded: letters)) }

    private static func letters(_ first: UInt8, _ second: UInt8) -> UInt16 { UInt16(first) << 8 | UInt16(second) }

    private static let unitedKingdom = letters(UInt8(ascii: "U"), UInt8(ascii: "K"))
    private static let greatBritain = letters(UInt8(ascii: "G"), UInt8(ascii: "B"))
    private static let codes = Set(
        known.split(whereSeparator: \.isWhitespace).map { code in
            letters(code.utf8.first!, code.utf8.last!)
        })

    /// The officially assigned codes (ISO 3166-1 alpha-2).
    private static let known = """
        AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ
        BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR
        CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
        GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU
        ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ
        LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ
        MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF
        PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI
        SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR
        TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
        """
}
