/// What an instrument of swift-metrics writes to: the value, or the histogram, of one family and one set of labels.
protocol MetricCell: AnyObject, Sendable {
    /// Says its value, if it has one.
    func tell(_ family: inout MetricFamily, _ labels: MetricFamily.Labels)
}
