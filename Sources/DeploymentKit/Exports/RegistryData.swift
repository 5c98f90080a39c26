/// What a registry value holds.
package enum RegistryData: Equatable, Sendable {
    /// REG_SZ
    case string(String)
    /// REG_EXPAND_SZ, in which `%…%` stands for environment variables.
    case expandableString(String)
    /// REG_DWORD
    case dword(UInt32)
    /// Any other type, by its number (winnt.h).
    case other(type: Int, byteCount: Int)

    private static let typeNames = [
        0: "REG_NONE", 3: "REG_BINARY", 5: "REG_DWORD_BIG_ENDIAN", 6: "REG_LINK", 7: "REG_MULTI_SZ", 8: "REG_RESOURCE_LIST",
        9: "REG_FULL_RESOURCE_DESCRIPTOR", 10: "REG_RESOURCE_REQUIREMENTS_LIST", 11: "REG_QWORD",
    ]

    /// As `reg query` prints it.
    package var typeName: String {
        switch self {
        case .string: "REG_SZ"
        case .expandableString: "REG_EXPAND_SZ"
        case .dword: "REG_DWORD"
        case .other(let type, _): Self.typeNames[type] ?? "type \(type)"
        }
    }

    /// The text of the two types that hold one.
    package var text: String? {
        switch self {
        case .string(let text), .expandableString(let text): text
        case .dword, .other: nil
        }
    }

    /// For people: the text in quotes, the number in decimal, as it was probably typed.
    package var shown: String {
        switch self {
        case .string(let text), .expandableString(let text): text.quoted
        case .dword(let number): "\(number) (0x\(String(number, radix: 16)))"
        case .other(_, let byteCount): "\(byteCount) bytes"
        }
    }
}
