import Ledger

/// Stacked bars as SVG, without script and without style of its own: its classes are in the style sheet.
struct BarChart {
    struct Bar {
        let label: String
        /// By series, in their order.
        let values: [Int64]
        /// What stands below the bar, when it is not the label of a period; cut where it has no room.
        var shortLabel: String?
    }

    /// What the parts of a bar are: the class's suffix and the name.
    let series: [(key: String, name: String)]
    let bars: [Bar]
    let title: String
    let format: PageFormat
    /// Whether the parts bear their numbers, from 1 on, by which they are found in a legend without seeing their colours.
    var isNumbered = false

    private static let width = 960
    private static let height = 240
    private static let left = 56
    private static let bottom = 28
    private static let top = 8
    /// Room for half of the last label.
    private static let right = 24
    /// A part that is smaller has no room for its number.
    private static let numberSize = (width: 14.0, height: 12)
    /// Room for a label of a period.
    private static let labelWidth = 70.0
    /// Of a label of 12 pixels' height; most letters are narrower.
    private static let letterWidth = 6.6

    /// Every text that is not ours is escaped.
    var svg: String {
        let most = max(bars.map { $0.values.reduce(0, +) }.max() ?? 0, 1)
        let scale = Self.niceCeiling(most)
        var svg = """
            <svg class="chart" viewBox="0 0 \(Self.width) \(Self.height)" role="img" aria-label="\(HTMLText.escaped(title))">
            """
        for line in 0...4 {
            let value = scale * Int64(line) / 4
            let y = y(value, scale)
            svg += #"<line class="grid" x1="\#(Self.left)" x2="\#(Self.width)" y1="\#(y)" y2="\#(y)"/>"#
            svg += #"<text class="axis" x="\#(Self.left - 6)" y="\#(y + 4)" text-anchor="end">\#(format.number(value))</text>"#
        }
        let step = Double(Self.width - Self.left - Self.right) / Double(max(bars.count, 1))
        let labelled = bars.contains { $0.shortLabel != nil } ? 1 : max(1, Int((Self.labelWidth / step).rounded(.up)))
        for (place, bar) in bars.enumerated() {
            let x = Double(Self.left) + Double(place) * step
            svg += "<g><title>\(HTMLText.escaped(tip(bar)))</title>" + parts(of: bar, from: x, step: step, scale) + "</g>"
            if place % labelled == 0 {
                svg += #"<text class="axis" x="\#(Self.decimal(x + step / 2))" y="\#(Self.height - 8)" "#
                svg += #"text-anchor="middle">\#(HTMLText.escaped(below(bar, step: step)))</text>"#
            }
        }
        return svg + "</svg>"
    }

    private func below(_ bar: Bar, step: Double) -> String {
        guard let label = bar.shortLabel else { return Self.short(bar.label) }
        let most = max(Int(step / Self.letterWidth), 2)
        return label.count > most ? label.prefix(most - 1) + "…" : label
    }

    private func parts(of bar: Bar, from x: Double, step: Double, _ scale: Int64) -> String {
        var svg = ""
        var below: Int64 = 0
        for (number, (value, part)) in zip(1..., zip(bar.values, series)) where value > 0 {
            let (bottom, top) = (y(below, scale), y(below + value, scale))
            below += value
            svg += #"<rect class="s-\#(part.key)" x="\#(Self.decimal(x + step * 0.1))" y="\#(top)" "#
            svg += #"width="\#(Self.decimal(step * 0.8))" height="\#(max(bottom - top, 1))"/>"#
            if isNumbered, step * 0.8 >= Self.numberSize.width, bottom - top >= Self.numberSize.height {
                svg += #"<text class="number" x="\#(Self.decimal(x + step / 2))" y="\#((bottom + top) / 2 + 4)" "#
                svg += #"text-anchor="middle">\#(number)</text>"#
            }
        }
        return svg
    }

    /// For who hovers, and for screen readers.
    private func tip(_ bar: Bar) -> String {
        let parts = zip(bar.values, series).filter { $0.0 > 0 }.map { value, part in
            part.name.isEmpty ? format.number(value) : "\(part.name): \(format.number(value))"
        }
        return ([bar.label] + parts).joined(separator: "\n")
    }

    private func y(_ value: Int64, _ scale: Int64) -> Int {
        let room = Double(Self.height - Self.bottom - Self.top)
        return Self.height - Self.bottom - Int((Double(value) / Double(scale) * room).rounded())
    }

    /// The next of 4, 8, 12, 20, 40, 80, 120 …: quarters of it are whole.
    private static func niceCeiling(_ value: Int64) -> Int64 {
        var unit: Int64 = 4
        while true {
            for factor: Int64 in [1, 2, 3, 5] where unit * factor >= value { return unit * factor }
            unit *= 10
        }
    }

    private static func decimal(_ value: Double) -> String { String((value * 10).rounded() / 10) }

    /// `11-22` of a day, `14:00` of an hour.
    private static func short(_ label: String) -> String {
        if label.count > 16 { return String(label.dropFirst(11).prefix(5)) }
        return label.count == 10 ? String(label.dropFirst(5)) : label
    }
}
