/// A regular expression that a whole value must match.
///
/// The engine is ours so that no value can make it slow: an operator's pattern meets a visitor's text, and a backtracking
/// engine can be made to run for years by a few dozen characters. Here the time is bounded by the length of the value times
/// the size of the pattern (Thompson's construction). What can't be had in that bound (look-around, back references,
/// possessive repetition) is refused when the route file is read.
///
/// Matched are Unicode scalars; `\d`, `\w`, `\s`, `\b` and `(?i)` are ASCII.
package struct ValuePattern: Sendable {
    package let source: String
    private let program: PatternProgram

    /// Why a pattern doesn't compile.
    package struct SyntaxError: Error, Equatable, CustomStringConvertible, Sendable {
        /// What is wrong, for example `the group that begins here is not closed`.
        package let message: String
        /// The place in the pattern, in Unicode scalars from 1.
        package let position: Int

        package var description: String { "\(message) (at character \(position) of the pattern)" }
    }

    package init(_ source: String) throws(SyntaxError) {
        var parser = PatternParser(source)
        program = try PatternProgram(parser.parse())
        self.source = source
    }

    package func matches(_ value: String) -> Bool {
        program.matches(value.unicodeScalars)
    }
}
