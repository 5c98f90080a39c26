/// What a kit can be made as.
package enum KitFormat: Equatable, Sendable {
    case script(KitScript)
    /// The page for those who set the values by hand.
    case guide

    /// - Parameter name: as command and API take it.
    package init?(_ name: String) {
        guard let format = Self.all.first(where: { $0.name == name }) else { return nil }
        self = format
    }

    package var name: String {
        switch self {
        case .script(let script): script.rawValue
        case .guide: "guide"
        }
    }

    package static let all = KitScript.allCases.map { KitFormat.script($0) } + [.guide]

    /// For messages.
    package static let names = all.map(\.name).joined(separator: ", ")
}
