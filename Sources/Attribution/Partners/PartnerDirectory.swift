/// An immutable snapshot of all partners' standings. Each change of the directory makes a new one, with the next version.
package struct PartnerDirectory: Sendable {
    /// Counts the changes of the directory; 0 is the empty directory that every history begins with.
    package let version: Int
    private let standings: [PartnerID: PartnerStanding]
    private let linkKeys: [PartnerID: [LinkKey]]

    /// A snapshot of the given standings, under the version that they have in the history.
    ///
    /// - Parameter linkKeys: the keys in force that links are signed with, of partners who have any.
    package init(
        version: Int = 0, standings: [PartnerID: PartnerStanding] = [:], linkKeys: [PartnerID: [LinkKey]] = [:]
    ) {
        self.version = version
        self.standings = standings
        self.linkKeys = linkKeys
    }

    /// How many partners there are, whatever their status.
    package var count: Int { standings.count }

    /// The standing of a partner; nil when the directory does not have it.
    package subscript(id: PartnerID) -> PartnerStanding? { standings[id] }

    /// The keys by which links of a partner are judged; none for most.
    package func linkKeys(of id: PartnerID) -> [LinkKey] { linkKeys[id] ?? [] }
}
