import DeploymentKit

/// What `porter kit --format` makes.
enum KitFormat {
    case script(KitScript)
    /// The page for those who set the values by hand.
    case guide

    static let guideName = "guide"

    init?(_ name: String) {
        if name == Self.guideName {
            self = .guide
        } else if let script = KitScript(rawValue: name) {
            self = .script(script)
        } else {
            return nil
        }
    }

    /// As `--format` takes it.
    var name: String {
        switch self {
        case .script(let script): script.rawValue
        case .guide: Self.guideName
        }
    }

    static let names = (KitScript.allCases.map(\.rawValue) + [guideName]).joined(separator: ", ")
}
