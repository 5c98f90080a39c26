/// What counts can be broken down by. The names are those of the command line.
package enum CountDimension: String, CaseIterable, Sendable {
    case route, edition, action, origin, campaign, outcome, reason, partner, client
    case clientOS = "client_os"
    case hour, day, week, month
    case culture, country

    /// Kept by UTC days only, apart from the others.
    package var isPlace: Bool { self == .culture || self == .country }

    package var isPeriod: Bool {
        switch self {
        case .hour, .day, .week, .month: true
        default: false
        }
    }
}
