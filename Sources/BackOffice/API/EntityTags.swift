import HTTPTypes
import Hummingbird
import Office

/// What a request says must still be so for a change to be made: `If-Match` and `If-None-Match` (RFC 9110, sections 13.1.1 and
/// 13.1.2).
enum EntityTags: Equatable {
    /// It says nothing.
    case none
    /// `*`: there must be something.
    case any
    /// One of these. Weak tags, and what is no tag, match nothing.
    case oneOf(Set<String>)

    /// More than anybody has seen states of one thing.
    private static let mostTags = 20

    init(ifMatch field: String?) {
        guard let field else {
            self = .none
            return
        }
        let parts = field.split(separator: ",").prefix(Self.mostTags).map { PartnerText.trimmed(String($0)) }
        if parts == ["*"] {
            self = .any
            return
        }
        // Tags of ours hold no comma, so that splitting at commas can't go wrong for them.
        let tags = parts.filter { $0.utf8.count > 2 && $0.hasPrefix("\"") && $0.hasSuffix("\"") }
        self = .oneOf(Set(tags.map { String($0.dropFirst().dropLast()) }))
    }

    init(_ request: Request) { self.init(ifMatch: request.headers[.ifMatch]) }

    /// The texts in a field that names an entity's state.
    static func field(_ tag: String) -> String { "\"\(tag)\"" }

    /// The tags; nil when any will do.
    var tags: Set<String>? {
        if case .oneOf(let tags) = self { tags } else { nil }
    }

    /// The tags that are versions of the directory; nil when any will do.
    var versions: Set<Int>? { tags.map { Set($0.compactMap { Int($0) }) } }
}

extension PartnerCondition {
    /// A partner's tag is the directory version that made it what it is. `If-None-Match: *` asks for one that is new.
    init(_ request: Request) {
        switch EntityTags(request) {
        case .none: self = request.headers[.ifNoneMatch] == "*" ? .absent : .none
        case .any: self = .present
        case .oneOf(let tags): self = .version(Set(tags.compactMap { Int($0) }))
        }
    }
}
