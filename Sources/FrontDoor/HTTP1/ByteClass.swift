// The classes of bytes that HTTP/1's grammar tells apart.

extension UInt8 {
    static let carriageReturn: UInt8 = 0x0D
    static let lineFeed: UInt8 = 0x0A
    static let space: UInt8 = 0x20
    static let tab: UInt8 = 0x09

    /// RFC 9110, section 5.6.2: what methods and field names are made of.
    @inline(__always)
    var isToken: Bool { Self.tokens.utf8Start[Int(self)] == UInt8(ascii: "t") }

    /// A `t` for each byte of a token, all 256 bytes in order, sixteen in a line: a look-up is less than comparisons.
    private static let tokens: StaticString = """
        ................\
        ................\
        .t.ttttt..tt.tt.\
        tttttttttt......\
        .ttttttttttttttt\
        ttttttttttt...tt\
        tttttttttttttttt\
        ttttttttttt.t.t.\
        ................\
        ................\
        ................\
        ................\
        ................\
        ................\
        ................\
        ................
        """

    /// A byte that may stand in a request target. Bytes from 0x80 and the tab are outside the grammar, but Internet Explorer
    /// sends the first and copied links hold the second; both are the decision's business.
    @inline(__always)
    var isTarget: Bool { self > .space && self != 0x7F || self == .tab }

    /// A byte that may stand in a field value (RFC 9110, section 5.5, with obs-text).
    @inline(__always)
    var isFieldValue: Bool { self >= .space && self != 0x7F || self == .tab }

    @inline(__always)
    var isBlank: Bool { self == .space || self == .tab }
}
