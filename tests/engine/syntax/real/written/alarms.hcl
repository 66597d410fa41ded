resource "aws_cloudwatch_metric_alarm" "cpu" {
  for_each            = { for a in setproduct(var.services, ["high", "low"]) : join("-", a) => { service = a[0], level = a[1] } }
  alarm_name          = format("%s %s (%.1f%%)", each.value.service, each.value.level, var.threshold * 100)
  comparison_operator = each.value.level == "high" ? "GreaterThanThreshold" : "LessThanThreshold"
  threshold           = 0.75
  alarm_actions       = [aws_sns_topic.alerts.arn]

  dimensions = {
    ServiceName = each.value.service
    ClusterName = data.aws_ecs_cluster.main.cluster_name
  }

  metric_query {
    id          = "e1"
    expression  = "m2/m1*100"
    return_data = "true"
  }
}
