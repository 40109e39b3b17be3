package cmek.sandbox;

@InAnotherProcess(InTheSandbox.class)
class LogLineServiceIT extends LogLineFacts {}
