/// An immutable snapshot of all partners' standings. Each change of the directory makes a new one, with the next version.
package struct PartnerDirectory: Sendable {
    /// Counts the changes of the directory; 0 is the empty directory that every history begins with.
    package let version: Int
    private let standings: [PartnerID: PartnerStanding]

    /// A snapshot of the given standings, under the version that they have in the history.
    package init(version: Int = 0, standings: [PartnerID: PartnerStanding] = [:]) {
        self.version = version
        self.standings = standings
    }

    /// How many partners there are, whatever their status.
    package var count: Int { standings.count }

    /// The standing of a partner; nil when the directory does not have it.
    package subscript(id: PartnerID) -> PartnerStanding? { standings[id] }
}
