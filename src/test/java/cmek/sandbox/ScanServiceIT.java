package cmek.sandbox;

@InAnotherProcess(InTheSandbox.class)
class ScanServiceIT extends ScanFacts {}
