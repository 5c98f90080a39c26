/// A culture that Windows knows, such as `fr-CA`.
package struct Culture: Hashable, Sendable {
    /// The language tag, written as Windows writes it.
    package let tag: String
    /// The Windows locale identifier, decimal in URLs (`lc=3084`).
    package let lcid: Int

    package init(tag: String, lcid: Int) {
        self.tag = tag
        self.lcid = lcid
    }
}
