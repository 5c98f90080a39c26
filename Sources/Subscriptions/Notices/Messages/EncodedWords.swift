import Foundation

/// Text outside ASCII in a header: words of RFC 2047 in UTF-8, encoding `B`, which may stand in a subject and in a mailbox's name
/// alike (section 5).
enum EncodedWords {
    /// Of UTF-8 in one word: as base64 with what is around it 64 characters, so that a word fits behind any of our headers' names on
    /// a line of 76 (section 2 allows words of 75).
    private static let maximumBytes = 39

    /// Words to be separated by white space, which a reader takes away again (section 6.2). No character is parted (section 5).
    static func words(_ text: String) -> [String] {
        var words: [String] = []
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            let next = Array(String(scalar).utf8)
            if bytes.count + next.count > maximumBytes {
                words.append(word(bytes))
                bytes = []
            }
            bytes += next
        }
        return bytes.isEmpty ? words : words + [word(bytes)]
    }

    private static func word(_ bytes: [UInt8]) -> String { "=?UTF-8?B?\(Data(bytes).base64EncodedString())?=" }
}
