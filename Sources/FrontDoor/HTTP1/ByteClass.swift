// The classes of bytes that HTTP/1's grammar tells apart.

extension UInt8 {
    static let carriageReturn: UInt8 = 0x0D
    static let lineFeed: UInt8 = 0x0A
    static let space: UInt8 = 0x20
    static let tab: UInt8 = 0x09

    /// RFC 9110, section 5.6.2: what methods and field names are made of.
    @inline(__always)
    var isToken: Bool {
        // One bit for each of the 128 ASCII codes.
        if self < 64 { return UInt64(0x03FF_6CFA_0000_0000) &>> UInt64(self) & 1 == 1 }
        return self < 128 && UInt64(0x57FF_FFFF_C7FF_FFFE) &>> UInt64(self &- 64) & 1 == 1
    }

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
