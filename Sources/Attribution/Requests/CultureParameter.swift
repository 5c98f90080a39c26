/// The request parameters that may name a culture, in the order in which they are asked.
package enum CultureParameter: String, CaseIterable, Sendable {
    case culture, mkt, lang, lc, clcid
}
