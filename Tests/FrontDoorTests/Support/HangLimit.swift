import Testing

extension Trait where Self == TimeLimitTrait {
    /// Ends a test that waits for what never comes. No test's outcome lies in it: where a sanitizer slows everything and other
    /// suites hold all threads, a test may wait for minutes before it gets on.
    static var hangLimit: Self { .timeLimit(.minutes(20)) }
}
