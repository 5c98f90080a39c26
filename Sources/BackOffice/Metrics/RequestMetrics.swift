import CoreMetrics
import Dispatch
import Hummingbird
import Measures

/// Counts the back office's own requests, and how long they took until their answer began.
struct RequestMetrics: RouterMiddleware {
    typealias Context = BackOfficeContext

    /// What the register must know of.
    static let descriptions = [
        MetricDescription(
            .counter, "porter_back_office_requests_total", "Requests to the back office that were answered, by class of status."),
        MetricDescription(
            .histogram(
                Buckets(microseconds: [
                    1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 10_000_000,
                ])),
            "porter_back_office_request_duration_seconds", "From a request to the back office until its answer began."),
    ]

    /// By the first digit of the status, from 1.
    private let counters = (1...5).map { Counter(label: descriptions[0].name, dimensions: [("status", "\($0)xx")]) }
    private let timer = CoreMetrics.Timer(label: descriptions[1].name)

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let begin = DispatchTime.now().uptimeNanoseconds
        let response = try await next(request, context)
        timer.recordNanoseconds(Int64(DispatchTime.now().uptimeNanoseconds - begin))
        let hundreds = response.status.code / 100
        if counters.indices.contains(hundreds - 1) { counters[hundreds - 1].increment() }
        return response
    }
}
