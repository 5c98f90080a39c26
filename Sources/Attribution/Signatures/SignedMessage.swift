/// How the parts of what is signed become one message.
package enum SignedMessage {
    /// The parts as netstrings (cr.yp.to/proto/netstrings.txt), so that none can pass for the end of another.
    ///
    /// - Parameter parts: the first says what for, so that a signature for anything else that a key may come to sign is none
    ///   for this.
    package static func of(_ parts: [[UInt8]]) -> [UInt8] {
        var message: [UInt8] = []
        for part in parts {
            message += String(part.count).utf8
            message.append(UInt8(ascii: ":"))
            message += part
            message.append(UInt8(ascii: ","))
        }
        return message
    }
}
