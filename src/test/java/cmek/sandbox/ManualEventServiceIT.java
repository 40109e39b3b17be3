package cmek.sandbox;

@InAnotherProcess(InTheSandbox.class)
class ManualEventServiceIT extends ManualEventFacts {}
