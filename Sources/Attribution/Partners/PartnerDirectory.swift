/// An immutable snapshot of all partners' standings. Each change of the directory makes a new one, with the next version.
package struct PartnerDirectory: Sendable {
    /// Counts the changes of the directory; 0 is the empty directory that every history begins with.
    package let version: Int
    private let standings: [PartnerID: PartnerStanding]

    package init(version: Int = 0, standings: [PartnerID: PartnerStanding] = [:]) {
        self.version = version
        self.standings = standings
    }

    package var count: Int { standings.count }

    package subscript(id: PartnerID) -> PartnerStanding? { standings[id] }
}
